using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>What rate limits let through and what they refuse.</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.RateLimits";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private ObservableCounter<long>? _granted;

    public RateLimitMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _refused = _meter.CreateCounter<long>(
            "tbyte.rate_limit.refused", "{request}", "Requests over a limit, by policy; enforced is false in shadow mode, where they go on.");
    }

    /// <summary>Whether somebody wants to know how many requests are let through: then they are to be counted.</summary>
    public bool CountsGranted => _granted is { Enabled: true };

    /// <summary>
    /// Tells from now on how many requests were let through. Asked for, and not told each time: that would be a look-up for each policy
    /// of each request.
    /// </summary>
    public void ObserveGranted(Func<IEnumerable<(string Policy, long Granted)>> policies) => _granted = _meter.CreateObservableCounter(
        "tbyte.rate_limit.granted",
        () => policies().Select(static policy => new Measurement<long>(policy.Granted, new KeyValuePair<string, object?>("policy", policy.Policy))),
        "{request}",
        "Requests under a limit, by policy.");

    public void Refused(string policy, bool isShadow) => _refused.Add(1, new("policy", policy), new("enforced", !isShadow));
}
