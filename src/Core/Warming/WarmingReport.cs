namespace TByte.Functions.Warming;

/// <summary>What came of warming.</summary>
/// <param name="Warmed">Entries that were put into Redis.</param>
/// <param name="Skipped">Entries that were fresh for long enough, or whose row is gone.</param>
/// <param name="Failed">Entries that were to be warmed and are not.</param>
/// <param name="EndedEarly">Why the rest was not tried; null when there was no rest.</param>
public readonly record struct WarmingReport(int Warmed, int Skipped, int Failed, string? EndedEarly = null)
{
    /// <summary>Both together.</summary>
    public static WarmingReport operator +(WarmingReport one, WarmingReport other) => new(
        one.Warmed + other.Warmed, one.Skipped + other.Skipped, one.Failed + other.Failed, one.EndedEarly ?? other.EndedEarly);
}
