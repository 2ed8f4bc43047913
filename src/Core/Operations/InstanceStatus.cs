using System.Text.Json.Serialization;
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

    /// <summary>What was built, e.g. <c>1.0.0+3f2c5d1a</c>; null when the instance is of a version that does not say.</summary>
    public string? Version { get; init; }

    /// <summary>What it tells the fleet beyond that; null where it tells something else, and from versions that did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RecentActivity? Recent { get; init; }
}

/// <summary>What an instance has done lately.</summary>
/// <param name="Minute">Answers of its cache in the last minute.</param>
/// <param name="FiveMinutes">In the last five.</param>
/// <param name="Requests">What it has answered in the last five minutes, the oldest slot first.</param>
public sealed record RecentActivity(CacheStatistics Minute, CacheStatistics FiveMinutes, IReadOnlyList<RequestSlot> Requests);

/// <summary>Redis, as this instance sees it.</summary>
/// <param name="State"><c>reachable</c>, <c>unreachable</c>, or <c>none</c>: not configured.</param>
public sealed record RedisStatus(string State);

/// <summary>What is bounded on this instance.</summary>
/// <param name="HeavyQueries">Reports.</param>
/// <param name="RateLimits">How often a caller may ask; empty when that is not limited.</param>
public sealed record LimitsStatus(HeavyQueryStatus HeavyQueries, IReadOnlyList<RateLimitStatus> RateLimits);
