namespace TByte.Functions.Diagnosis;

/// <summary>What Redis has counted.</summary>
/// <param name="Hits">Reads that found their key; null when this server does not count them.</param>
/// <param name="Misses">Reads that did not.</param>
/// <param name="Expired">Keys whose life ended.</param>
/// <param name="Evicted">Keys that had to make room.</param>
public sealed record RedisCounter(long? Hits, long? Misses, long Expired, long Evicted)
{
    internal RedisCounter Since(RedisCounter? earlier) =>
        earlier is null || earlier.Hits > Hits || earlier.Misses > Misses || earlier.Expired > Expired || earlier.Evicted > Evicted
            ? this
            : new RedisCounter(Hits - earlier.Hits, Misses - earlier.Misses, Expired - earlier.Expired, Evicted - earlier.Evicted);
}

/// <summary>What was seen of Redis.</summary>
internal sealed record RedisEvidence
{
    /// <summary>Why it could not be asked; null when it answered.</summary>
    public string? Problem { get; init; }

    /// <summary>In the window.</summary>
    public RedisCounter? Use { get; init; }

    public long Keys { get; init; }

    /// <summary>Keys at the beginning of the window; null when that is not known.</summary>
    public long? KeysBefore { get; init; }

    public long UsedBytes { get; init; }

    /// <summary>Null when it is not bounded.</summary>
    public long? MaxBytes { get; init; }

    public string EvictionPolicy { get; init; } = "";

    public TimeSpan Uptime { get; init; }

    public KeySampleEvidence? Sample { get; init; }

    public double? HitRatio => Use is { Hits: { } hits, Misses: { } misses } && hits + misses > 0 ? (double)hits / (hits + misses) : null;
}

/// <summary>What a sample of the keys tells about how they are used.</summary>
/// <param name="Keys">How many were looked at.</param>
/// <param name="Pattern">What most of their names have in common, with <c>*</c> for what differs.</param>
/// <param name="PatternShare">The share of keys that have it, 0 to 1.</param>
/// <param name="MedianLife">Time left to those keys, in the middle, that have a life at all; null when none has.</param>
/// <param name="Ended">Keys of the earlier sample whose life has ended since.</param>
/// <param name="CameBack">Those of them that were written again.</param>
/// <param name="NeverRead">The share of keys that nobody has read since they were written, 0 to 1; null when that is not known.</param>
internal sealed record KeySampleEvidence(
    int Keys, string Pattern, double PatternShare, TimeSpan? MedianLife, int Ended, int CameBack, double? NeverRead);

/// <summary>What the API's instances have told of themselves.</summary>
/// <param name="Instances">Those that are alive.</param>
/// <param name="Cache">Answers of their caches in the window.</param>
/// <param name="Refused">Requests that rate limits have refused in the window.</param>
/// <param name="Pools">Their pools at the moment, by server.</param>
internal sealed record FleetEvidence(int Instances, CacheUse Cache, long Refused, IReadOnlyList<PoolUse> Pools);

/// <summary>Answers of caches, by where they came from.</summary>
/// <param name="L1Hits">From memory.</param>
/// <param name="L2Hits">From Redis.</param>
/// <param name="Misses">From the database.</param>
/// <param name="Stale">Past their life.</param>
public sealed record CacheUse(long L1Hits, long L2Hits, long Misses, long Stale)
{
    internal long Answers => L1Hits + L2Hits + Misses + Stale;

    internal double? HitRatio => Answers > 0 ? (double)(L1Hits + L2Hits) / Answers : null;

    internal CacheUse Since(CacheUse? earlier) => earlier is null || earlier.Answers > Answers
        ? this
        : new CacheUse(L1Hits - earlier.L1Hits, L2Hits - earlier.L2Hits, Misses - earlier.Misses, Stale - earlier.Stale);

    internal CacheUse Plus(CacheUse other) => new(L1Hits + other.L1Hits, L2Hits + other.L2Hits, Misses + other.Misses, Stale + other.Stale);
}

/// <summary>The pools of all instances to one server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Busy">Connections in use.</param>
/// <param name="Max">Connections that all instances together may open.</param>
/// <param name="FullInstances">Instances that have none left.</param>
internal sealed record PoolUse(string Server, int Busy, int Max, int FullInstances);

/// <summary>A breaker that the fleet shares.</summary>
/// <param name="Name">The protected server's.</param>
/// <param name="State"><c>closed</c>, <c>half-open</c> or <c>open</c>.</param>
/// <param name="Transitions">In the window; null when that is not known.</param>
/// <param name="Streak">How often it has opened in a row.</param>
/// <param name="InState">For how long it has been in this state.</param>
/// <param name="Reason">Why it is in this state.</param>
internal sealed record BreakerUse(string Name, string State, long? Transitions, int Streak, TimeSpan InState, string Reason);

/// <summary>What is read most.</summary>
/// <param name="Key">What.</param>
/// <param name="Views">How often in the time looked at.</param>
/// <param name="Share">Of all reads, 0 to 1.</param>
internal sealed record HotKey(string Key, long Views, double Share);
