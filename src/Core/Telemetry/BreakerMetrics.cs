using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using TByte.Functions.Resilience;

namespace TByte.Functions.Telemetry;

/// <summary>Circuit breakers, as this instance has learnt of them: their states, transitions with why, and what they refuse.</summary>
internal sealed class BreakerMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Breakers";

    private readonly Counter<long> _transitions;
    private readonly Counter<long> _probes;
    private readonly ConcurrentQueue<SharedCircuit> _watched = [];

    public BreakerMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _transitions = meter.CreateCounter<long>(
            "tbyte.breaker.transitions", "{transition}", "Transitions by breaker, the state entered, whose it is (fleet, instance), whether it was ordered, and why.");
        _probes = meter.CreateCounter<long>("tbyte.breaker.probes", "{probe}", "Probes that this instance has made by breaker and outcome: succeeded, failed.");
        meter.CreateObservableGauge(
            "tbyte.breaker.open",
            () => States(static state => state == BreakerState.Closed ? 0 : 1),
            description: "1 while a breaker is open or half-open, else 0, by breaker and whose it is (fleet, where that is known; instance).");
        meter.CreateObservableGauge(
            "tbyte.breaker.state", () => States(static state => (int)state), "1", "0 closed, 1 half-open, 2 open, by breaker and whose it is.");
        meter.CreateObservableCounter("tbyte.breaker.refused", Refused, "{call}", "Calls that were not made because a breaker let none through, by breaker.");
    }

    /// <summary>Tells of a breaker from now on.</summary>
    public void Watch(SharedCircuit circuit)
    {
        _watched.Enqueue(circuit);
        circuit.Probed += succeeded => _probes.Add(1, new("breaker.name", circuit.Name), new("probe.outcome", succeeded ? "succeeded" : "failed"));
    }

    public void Transition(string breaker, string scope, BreakerState state, bool isForced, string reason) => _transitions.Add(
        1,
        new("breaker.name", breaker),
        new("breaker.scope", scope),
        new("breaker.state", Name(state)),
        new("breaker.forced", isForced),
        new("breaker.reason", isForced ? "order" : TransitionReason.KindOf(reason)));

    private IEnumerable<Measurement<int>> States(Func<BreakerState, int> value)
    {
        foreach (SharedCircuit circuit in _watched)
        {
            CircuitSnapshot snapshot = circuit.Snapshot;
            if (snapshot.Fleet is { } fleet)
                yield return Measure("fleet", fleet.State);
            yield return Measure("instance", snapshot.Local.IsOpen ? BreakerState.Open : BreakerState.Closed);

            Measurement<int> Measure(string scope, BreakerState state) => new(value(state), new("breaker.name", circuit.Name), new("breaker.scope", scope));
        }
    }

    private IEnumerable<Measurement<long>> Refused() =>
        _watched.Select(static circuit => new Measurement<long>(circuit.Refused, new KeyValuePair<string, object?>("breaker.name", circuit.Name)));

    private static string Name(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
