using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>What rate limits refuse. What they let through is counted with the requests themselves.</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.RateLimits";

    private readonly Counter<long> _refused;

    public RateLimitMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _refused = meter.CreateCounter<long>(
            "tbyte.rate_limit.refused", "{request}", "Requests over a limit, by policy; enforced is false in shadow mode, where they go on.");
    }

    public void Refused(string policy, bool isShadow) => _refused.Add(1, new("policy", policy), new("enforced", !isShadow));
}
