using System.Diagnostics.Metrics;
using TByte.Functions.Throttling;

namespace TByte.Functions.Telemetry;

/// <summary>What rate limits let through and what they refuse.</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.RateLimits";

    private readonly Counter<long> _granted;
    private readonly Counter<long> _refused;

    public RateLimitMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _granted = meter.CreateCounter<long>("tbyte.rate_limit.granted", "{request}", "Requests under a limit, by policy.");
        _refused = meter.CreateCounter<long>(
            "tbyte.rate_limit.refused", "{request}", "Requests over a limit, by policy; enforced is false in shadow mode, where they go on.");
    }

    public void Granted(RateLimitPolicy policy) => _granted.Add(1, new KeyValuePair<string, object?>("policy", policy.Name));

    public void Refused(string policy, bool isShadow) => _refused.Add(1, new("policy", policy), new("enforced", !isShadow));
}
