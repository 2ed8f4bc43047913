using System.Diagnostics.Metrics;
using TByte.Functions.Caching;

namespace TByte.Functions.Telemetry;

/// <summary>Reads through the cache: how many, from where, how long each took.</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "TByte.Functions.Cache";
    public const string ReadDuration = "tbyte.cache.read.duration";

    private readonly Histogram<double> _duration;

    public CacheMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            ReadDuration, "s", "Reads by kind and outcome: memory_hit, redis_hit, miss (answered by the database), stale, failed.");
    }

    /// <summary>Answers since the start; kept also while nobody listens.</summary>
    public CacheCounts Counts { get; } = new();

    /// <summary>False while nobody listens: then no time need be taken.</summary>
    public bool IsEnabled => _duration.Enabled;

    public void Read(CachePolicy policy, CacheOutcome outcome, TimeSpan took) => Record(policy, Name(outcome), took);

    public void Failed(CachePolicy policy, TimeSpan took) => Record(policy, "failed", took);

    private void Record(CachePolicy policy, string outcome, TimeSpan took) =>
        _duration.Record(took.TotalSeconds, new("cache.kind", policy.Kind), new("cache.outcome", outcome));

    internal static string Name(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.MemoryHit => "memory_hit",
        CacheOutcome.RedisHit => "redis_hit",
        CacheOutcome.Miss => "miss",
        CacheOutcome.Stale => "stale",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
