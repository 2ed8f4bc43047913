using System.Net;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What came of a request.</summary>
/// <param name="Status">The status; 0 when no whole answer came.</param>
/// <param name="Failure">Why none came.</param>
/// <param name="Cache">What the answer says of the cache.</param>
internal readonly record struct Answer(int Status, string? Failure, CacheOutcome Cache)
{
    public const string Unsent = "not sent: too many under way";

    public const string TimedOut = "no answer in time";

    // The objective for a latency: a caller has noticed it by then.
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(500);

    public static readonly Answer NotSent = new(0, Unsent, CacheOutcome.Unknown);

    /// <summary>Refused by a rate limit.</summary>
    public bool IsLimited => Status == (int)HttpStatusCode.TooManyRequests;

    /// <summary>
    /// Whether its time counts as a latency. What is refused, or fails at once, would make a bad target look fast; what fails after a wait
    /// has been waited for like any other answer.
    /// </summary>
    /// <param name="took">From when it was due until its end.</param>
    public bool HasLatency(TimeSpan took) => !IsLimited && (Error is null || took >= Wait);

    /// <summary>Why it counts as an error, in one of few words; null when it is none.</summary>
    public string? Error => this switch
    {
        { Failure: not null } => Failure,
        { Status: (int)HttpStatusCode.OK } or { IsLimited: true } => null,
        _ => $"status {Status}",
    };
}
