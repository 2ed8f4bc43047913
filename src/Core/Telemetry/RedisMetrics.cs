using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>Calls through the Redis gate, by what came of them.</summary>
internal sealed class RedisMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Redis";

    private readonly Histogram<double> _duration;

    public RedisMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "tbyte.redis.call.duration", "s", "Calls to Redis; outcome is answered, failed or refused (not tried because Redis is away).");
    }

    public void Answered(TimeSpan after) => _duration.Record(after.TotalSeconds, new KeyValuePair<string, object?>("outcome", "answered"));

    public void Failed(TimeSpan after) => _duration.Record(after.TotalSeconds, new KeyValuePair<string, object?>("outcome", "failed"));

    public void Refused() => _duration.Record(0, new KeyValuePair<string, object?>("outcome", "refused"));
}
