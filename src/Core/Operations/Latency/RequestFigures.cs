namespace TByte.Functions.Operations;

/// <summary>Requests of users at a glance. Percentiles are at most 1/32 from the exact ones, or half a microsecond.</summary>
/// <param name="Answers">How many were answered.</param>
/// <param name="Failed">How many of them with 500 or above.</param>
/// <param name="FailedShare">Their share, 0 to 1, to six decimals; null without answers.</param>
/// <param name="P50Ms">Half of the answers took no longer; null without answers.</param>
/// <param name="P95Ms">95 of 100 took no longer.</param>
/// <param name="P99Ms">99 of 100 took no longer.</param>
public sealed record RequestFigures(long Answers, long Failed, double? FailedShare, double? P50Ms, double? P95Ms, double? P99Ms);
