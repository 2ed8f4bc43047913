using System.Diagnostics.Metrics;
using TByte.Functions.Redis;

namespace TByte.Functions.Telemetry;

/// <summary>Calls through the Redis gate, by what they were for and what came of them.</summary>
internal sealed class RedisMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Redis";

    private static readonly KeyValuePair<string, object?> IsAnswered = new("outcome", "answered");
    private static readonly KeyValuePair<string, object?> IsFailed = new("outcome", "failed");
    private static readonly KeyValuePair<string, object?> IsRefused = new("outcome", "refused");

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    public RedisMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>(
            "tbyte.redis.call.duration",
            "s",
            "Calls to Redis by what they are for; outcome is answered, failed or refused (not tried because Redis is away).",
            null,
            DurationBuckets.Calls);
    }

    /// <summary>Tells from now on whether Redis can be used.</summary>
    public void Observe(Func<bool> isAvailable) =>
        _meter.CreateObservableGauge("tbyte.redis.available", () => isAvailable() ? 1 : 0, "1", "1 while calls go through, 0 while Redis is away.");

    public void Answered(RedisPurpose purpose, TimeSpan after) => _duration.Record(after.TotalSeconds, purpose.Tag, IsAnswered);

    public void Failed(RedisPurpose purpose, TimeSpan after) => _duration.Record(after.TotalSeconds, purpose.Tag, IsFailed);

    public void Refused(RedisPurpose purpose) => _duration.Record(0, purpose.Tag, IsRefused);
}
