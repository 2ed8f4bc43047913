using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Figures as they are shown.</summary>
internal static class Milliseconds
{
    public static string Text(double? milliseconds) => milliseconds switch
    {
        null => "-",
        >= 10_000 => Invariant($"{milliseconds / 1_000:0.0} s"),
        >= 100 => Invariant($"{milliseconds:N0} ms"),
        _ => Invariant($"{milliseconds:0.0} ms"),
    };

    /// <summary>A share of 1 as a percentage.</summary>
    public static string Percent(double? share) => share is null ? "-" : Invariant($"{100 * share:0.0#} %");
}
