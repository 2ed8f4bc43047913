using TByte.Functions.Caching;

namespace TByte.Functions.Telemetry;

/// <summary>Answers of the cache, since the start or in a time, by where they came from.</summary>
/// <param name="L1Hits">From this instance's memory.</param>
/// <param name="L2Hits">From Redis.</param>
/// <param name="Misses">From the database.</param>
/// <param name="Stale">Past their life, because nothing newer was to be had in time.</param>
public sealed record CacheStatistics(long L1Hits, long L2Hits, long Misses, long Stale)
{
    /// <summary>The share of answers that were fresh and cost no query, 0 to 1, to four decimals; null while there are none.</summary>
    public double? HitRatio => L1Hits + L2Hits + Misses + Stale is > 0 and long answers ? Math.Round((double)(L1Hits + L2Hits) / answers, 4) : null;

    internal CacheStatistics Since(CacheStatistics earlier) =>
        new(L1Hits - earlier.L1Hits, L2Hits - earlier.L2Hits, Misses - earlier.Misses, Stale - earlier.Stale);

    internal CacheStatistics Plus(CacheStatistics other) =>
        new(L1Hits + other.L1Hits, L2Hits + other.L2Hits, Misses + other.Misses, Stale + other.Stale);
}

/// <summary>Counts answers of the cache, whether or not somebody listens to its metrics.</summary>
internal sealed class CacheCounts
{
    // Two cache lines each, because neighbours are fetched in pairs; none beside the array's length, which every count reads.
    private const int Stride = 16;

    private readonly long[] _counts = new long[(1 + Enum.GetValues<CacheOutcome>().Length) * Stride];

    public void Add(CacheOutcome outcome) => Interlocked.Increment(ref CountOf(outcome));

    public CacheStatistics Read() => new(
        Volatile.Read(ref CountOf(CacheOutcome.MemoryHit)),
        Volatile.Read(ref CountOf(CacheOutcome.RedisHit)),
        Volatile.Read(ref CountOf(CacheOutcome.Miss)),
        Volatile.Read(ref CountOf(CacheOutcome.Stale)));

    private ref long CountOf(CacheOutcome outcome) => ref _counts[(1 + (int)outcome) * Stride];
}
