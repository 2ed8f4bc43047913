using Microsoft.Extensions.Logging;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Resilience;

/// <summary>Tells of transitions, the fleet's and this instance's own, each with its reason.</summary>
internal sealed class TransitionLog(ILogger<SharedCircuit> logger, BreakerMetrics metrics)
{
    /// <summary>Tells of a breaker from now on.</summary>
    public void Watch(SharedCircuit circuit)
    {
        circuit.Changed += Changed;
        metrics.Watch(circuit);
    }

    /// <summary>Something that is not foreseen went wrong in the background; it is tried again.</summary>
    public void Failed(string breaker, Exception failure) => logger.LogError(failure, "Breaker {Breaker} could not be kept up to date", breaker);

    private void Changed(CircuitSnapshot before, CircuitSnapshot after)
    {
        if (after.Fleet is { } fleet && Differs(before, after, fleet))
        {
            metrics.Transition(after.Name, "fleet", fleet.State, fleet.IsForced, fleet.Reason);
            logger.LogWarning(
                "Breaker {Breaker} is {State} for the fleet (epoch {Epoch}{Order}): {Reason}",
                after.Name, fleet.State, fleet.Epoch, fleet.IsForced ? $", by order of {fleet.By}" : "", fleet.Reason);
        }

        if (before.Local.IsOpen != after.Local.IsOpen)
        {
            BreakerState state = after.Local.IsOpen ? BreakerState.Open : BreakerState.Closed;
            metrics.Transition(after.Name, "instance", state, isForced: false, after.Local.Reason);
            logger.LogWarning(
                "Breaker {Breaker} is {State} for this instance alone: {Reason}",
                after.Name, state, after.Local.Reason.Length > 0 ? after.Local.Reason : "the fleet decides");
        }
        else if (before.Fleet is not null && after.Fleet is null)
        {
            logger.LogWarning("Breaker {Breaker}: the shared state cannot be reached; this instance decides alone", after.Name);
        }
    }

    // An instance that starts while all is well has nothing to tell.
    private static bool Differs(CircuitSnapshot before, CircuitSnapshot after, FleetState fleet) => before.Epoch == 0
        ? fleet.State != BreakerState.Closed || fleet.IsForced
        : before.Epoch != after.Epoch;
}
