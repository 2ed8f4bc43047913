using System.Diagnostics.Metrics;
using TByte.Functions.Resilience;

namespace TByte.Functions.Telemetry;

/// <summary>Transitions of circuit breakers, as this instance has learnt of them.</summary>
internal sealed class BreakerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Breakers";

    private readonly Counter<long> _transitions;

    public BreakerMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _transitions = meter.CreateCounter<long>(
            "tbyte.breaker.transitions", "{transition}", "Transitions by breaker, the state entered, whose it is (fleet, instance) and whether it was ordered.");
    }

    public void Transition(string breaker, string scope, BreakerState state, bool isForced) => _transitions.Add(
        1, new("breaker.name", breaker), new("breaker.scope", scope), new("breaker.state", Name(state)), new("breaker.forced", isForced));

    private static string Name(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
