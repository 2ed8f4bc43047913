namespace TByte.Functions.Throttling;

/// <summary>A heavy query was not run, because enough of them are: the caller may try again later.</summary>
public sealed class HeavyQueryRejectedException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>
    /// When trying again may pay, at least 1 s: how long the queue takes at the pace of the last queries, and up to twice that.
    /// </summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
