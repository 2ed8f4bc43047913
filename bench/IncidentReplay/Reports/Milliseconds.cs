namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Figures as they are shown.</summary>
internal static class Milliseconds
{
    public static string Text(double? milliseconds) => milliseconds switch
    {
        null => "-",
        >= 10_000 => $"{milliseconds / 1_000:0.0} s",
        >= 100 => $"{milliseconds:N0} ms",
        _ => $"{milliseconds:0.0} ms",
    };

    /// <summary>A share of 1 as a percentage.</summary>
    public static string Percent(double? share) => share is null ? "-" : $"{100 * share:0.0#} %";
}
