using TByte.Functions.Operations;

namespace TByte.Functions.Diagnosis;

/// <summary>Adds up what the instances tell of themselves.</summary>
internal static class FleetCounters
{
    public static Dictionary<string, InstanceMemory> Of(IReadOnlyList<InstanceStatus> instances) =>
        instances.ToDictionary(static instance => instance.Instance, static instance => new InstanceMemory(
            new CacheUse(instance.Cache.L1Hits, instance.Cache.L2Hits, instance.Cache.Misses, instance.Cache.Stale),
            instance.Limits.RateLimits.Sum(static limit => limit.Refused)));

    /// <summary>What was added since; null when nobody tells anything.</summary>
    public static FleetEvidence? Since(IReadOnlyList<InstanceStatus> instances, RedisMemory? before)
    {
        if (instances.Count == 0)
            return null;

        CacheUse cache = new(0, 0, 0, 0);
        long refused = 0;
        foreach ((string name, InstanceMemory now) in Of(instances))
        {
            InstanceMemory? earlier = before?.Instances.GetValueOrDefault(name);
            cache = cache.Plus(now.Cache.Since(earlier?.Cache));
            refused += now.Refused - (earlier is { } then && then.Refused <= now.Refused ? then.Refused : 0);
        }

        return new FleetEvidence(instances.Count, cache, refused, Pools(instances));
    }

    private static PoolUse[] Pools(IReadOnlyList<InstanceStatus> instances) =>
    [
        .. instances.SelectMany(static instance => instance.Postgres).GroupBy(static pool => pool.Name).Select(static pools => new PoolUse(
            pools.Key, pools.Sum(static pool => pool.Busy), pools.Sum(static pool => pool.Max), pools.Count(static pool => pool.Busy >= pool.Max))),
    ];
}
