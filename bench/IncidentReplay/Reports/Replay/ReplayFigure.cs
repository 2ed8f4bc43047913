using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>Figures of a replay as they are shown.</summary>
internal static class ReplayFigure
{
    private const int LeastWholePercent = 10;

    /// <summary>A share of 1, with digits only where they tell something.</summary>
    public static string Percent(double? share) => share switch
    {
        null => "-",
        0 => "0 %",
        { } known when Math.Abs(100 * known) >= LeastWholePercent => Invariant($"{100 * known:0} %"),
        { } known when Math.Abs(known) >= 0.01 => Invariant($"{100 * known:0.0} %"),
        { } known => Invariant($"{100 * known:0.0##} %"),
    };

    public static string Rate(double rate) => Invariant($"{rate:#,0.#}/s");

    /// <summary>The load that is held; a bound below it when no higher one was tried.</summary>
    public static string Held(Capacity capacity) => capacity switch
    {
        { Steps.Count: 0 } => "-",
        { Held: 0 } => "none",
        { IsFound: false } => $">= {Rate(capacity.Held)}",
        _ => Rate(capacity.Held),
    };

    /// <summary>How many times the one is the other; null where that says nothing.</summary>
    public static string? Times(double? more, double? less) => more > 0 && less > 0 ? (more.Value / less.Value) switch
    {
        >= 10 and var times => Invariant($"{times:#,0} times"),
        var times => Invariant($"{times:0.#} times"),
    } : null;
}
