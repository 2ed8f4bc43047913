using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TByte.Functions.Resilience;

namespace TByte.Functions.Telemetry;

/// <summary>Transitions of circuit breakers and which are open, as this instance has learnt of them.</summary>
internal sealed class BreakerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Breakers";

    private readonly Counter<long> _transitions;
    private readonly ConcurrentQueue<SharedCircuit> _watched = [];

    public BreakerMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _transitions = meter.CreateCounter<long>(
            "tbyte.breaker.transitions", "{transition}", "Transitions by breaker, the state entered, whose it is (fleet, instance) and whether it was ordered.");
        meter.CreateObservableGauge(
            "tbyte.breaker.open", Open, description: "1 while a breaker is open or half-open, else 0, by breaker and whose it is (fleet, where that is known; instance).");
    }

    /// <summary>Tells from now on whether it is open.</summary>
    public void Watch(SharedCircuit circuit) => _watched.Enqueue(circuit);

    public void Transition(string breaker, string scope, BreakerState state, bool isForced) => _transitions.Add(
        1, new("breaker.name", breaker), new("breaker.scope", scope), new("breaker.state", Name(state)), new("breaker.forced", isForced));

    private IEnumerable<Measurement<int>> Open()
    {
        foreach (SharedCircuit circuit in _watched)
        {
            CircuitSnapshot snapshot = circuit.Snapshot;
            if (snapshot.Fleet is { } fleet)
                yield return Measure("fleet", fleet.State != BreakerState.Closed);
            yield return Measure("instance", snapshot.Local.IsOpen);

            Measurement<int> Measure(string scope, bool isOpen) => new(isOpen ? 1 : 0, new("breaker.name", circuit.Name), new("breaker.scope", scope));
        }
    }

    private static string Name(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
