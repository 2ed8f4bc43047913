using TByte.Functions.Caching;

namespace TByte.Functions.WarmStart;

/// <summary>Where the answers to some reads came from, in order.</summary>
internal sealed record ReadLog(IReadOnlyList<CacheOutcome> Outcomes)
{
    /// <summary>Share of reads that were answered without a query.</summary>
    public double HitRatio => Share(static outcome => outcome is CacheOutcome.MemoryHit or CacheOutcome.RedisHit);

    /// <summary>Share of reads that were answered by the instance alone.</summary>
    public double MemoryRatio => Share(static outcome => outcome is CacheOutcome.MemoryHit);

    /// <summary>A part of it.</summary>
    public ReadLog Window(int start, int length) => new([.. Outcomes.Skip(start).Take(length)]);

    /// <summary>What some of the instances answered, when they were asked in turn.</summary>
    public ReadLog Of(Func<int, bool> instance, int instances) => new([.. Outcomes.Where((_, i) => instance(i % instances))]);

    private double Share(Func<CacheOutcome, bool> counts) => (double)Outcomes.Count(counts) / Outcomes.Count;
}
