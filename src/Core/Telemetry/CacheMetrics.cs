using System.Diagnostics.Metrics;
using TByte.Functions.Caching;

namespace TByte.Functions.Telemetry;

/// <summary>Reads through the cache: how many, from where, how long each took; what is in memory, and what makes it old.</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "TByte.Functions.Cache";
    public const string ReadDuration = "tbyte.cache.read.duration";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _loads;
    private readonly Counter<long> _invalidations;
    private readonly Histogram<double> _replay;

    public CacheMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>(
            ReadDuration, "s", "Reads by kind and outcome: memory_hit, redis_hit, miss (answered by the database), stale, failed.", null, DurationBuckets.Reads);
        _loads = _meter.CreateUpDownCounter<long>("tbyte.cache.loads", "{load}", "Loads under way by kind, those that refresh early included.");
        _invalidations = _meter.CreateCounter<long>(
            "tbyte.cache.invalidations", "{invalidation}", "Writes that this instance has heard of by source: pushed, or replayed, which are possibly pushed before.");
        _replay = _meter.CreateHistogram<double>(
            "tbyte.cache.replay.duration", "s", "Replays of what may have been missed by outcome: replayed, failed.", null, DurationBuckets.Calls);
    }

    /// <summary>Answers since the start; kept also while nobody listens.</summary>
    public CacheCounts Counts { get; } = new();

    /// <summary>False while nobody listens: then no time need be taken.</summary>
    public bool IsEnabled => _duration.Enabled;

    /// <summary>Tells the use of memory from now on.</summary>
    public void ObserveMemory(Func<int> entries, int most)
    {
        _meter.CreateObservableUpDownCounter("tbyte.cache.memory.entries", entries, "{entry}", "Entries in memory.");
        _meter.CreateObservableUpDownCounter("tbyte.cache.memory.limit", () => most, "{entry}", "Entries that memory holds at most.");
    }

    public void Read(CachePolicy policy, CacheOutcome outcome, TimeSpan took) => Record(policy, Name(outcome), took);

    public void Failed(CachePolicy policy, TimeSpan took) => Record(policy, "failed", took);

    public void LoadBegan(CachePolicy policy) => _loads.Add(1, new KeyValuePair<string, object?>("cache.kind", policy.Kind));

    public void LoadEnded(CachePolicy policy) => _loads.Add(-1, new KeyValuePair<string, object?>("cache.kind", policy.Kind));

    public void Pushed() => _invalidations.Add(1, new KeyValuePair<string, object?>("invalidation.source", "pushed"));

    public void Replayed(int invalidations) => _invalidations.Add(invalidations, new KeyValuePair<string, object?>("invalidation.source", "replayed"));

    public void ReplayEnded(bool isComplete, TimeSpan took) =>
        _replay.Record(took.TotalSeconds, new KeyValuePair<string, object?>("replay.outcome", isComplete ? "replayed" : "failed"));

    internal static string Name(CacheOutcome outcome) => outcome switch
    {
        CacheOutcome.MemoryHit => "memory_hit",
        CacheOutcome.RedisHit => "redis_hit",
        CacheOutcome.Miss => "miss",
        CacheOutcome.Stale => "stale",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private void Record(CachePolicy policy, string outcome, TimeSpan took) =>
        _duration.Record(took.TotalSeconds, new("cache.kind", policy.Kind), new("cache.outcome", outcome));
}
