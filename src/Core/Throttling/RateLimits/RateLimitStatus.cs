namespace TByte.Functions.Throttling;

/// <summary>One policy on this instance.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Permits">Permits in every window, over the whole fleet.</param>
/// <param name="WindowSeconds">The window.</param>
/// <param name="Callers">Callers that this instance remembers.</param>
/// <param name="Refused">Requests that it has refused since it started, or would have in shadow mode.</param>
public sealed record RateLimitStatus(string Policy, int Permits, long WindowSeconds, int Callers, long Refused);
