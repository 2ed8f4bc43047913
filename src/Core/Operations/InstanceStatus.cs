using TByte.Functions.Postgres;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Operations;

/// <summary>One instance, as it sees itself and what it depends on.</summary>
/// <param name="Instance">Its name among those that share the breakers; new with every start.</param>
/// <param name="StartedAt">When it started, by its own clock.</param>
/// <param name="Cache">What its cache has answered since.</param>
/// <param name="Redis">Whether it has Redis.</param>
/// <param name="Breakers">The breakers of its database servers, the primary's first.</param>
/// <param name="Postgres">Its database servers, the primary first.</param>
/// <param name="Limits">What is bounded, and how much of it is in use.</param>
public sealed record InstanceStatus(
    string Instance,
    DateTimeOffset StartedAt,
    CacheStatistics Cache,
    RedisStatus Redis,
    IReadOnlyList<BreakerStatus> Breakers,
    IReadOnlyList<DatabaseServerStatus> Postgres,
    LimitsStatus Limits)
{
    /// <summary>Path of the newest report of the diagnosis; null when reports are not kept where this instance finds them.</summary>
    public string? Diagnosis { get; init; }
}

/// <summary>Redis, as this instance sees it.</summary>
/// <param name="State"><c>reachable</c>, <c>unreachable</c>, or <c>none</c>: not configured.</param>
public sealed record RedisStatus(string State);

/// <summary>What is bounded on this instance.</summary>
/// <param name="HeavyQueries">Reports.</param>
/// <param name="RateLimits">How often a caller may ask; empty when that is not limited.</param>
public sealed record LimitsStatus(HeavyQueryStatus HeavyQueries, IReadOnlyList<RateLimitStatus> RateLimits);
