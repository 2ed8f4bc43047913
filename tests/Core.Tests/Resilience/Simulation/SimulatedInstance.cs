using StackExchange.Redis;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

/// <summary>One instance of a simulated fleet: the real breaker and agent, on a network that can fail in both directions.</summary>
internal sealed class SimulatedInstance
{
    private readonly SimulatedFleet _fleet;
    private TaskCompletionSource? _probing;
    private Task<bool> _probe = Task.FromResult(false);

    public SimulatedInstance(SimulatedFleet fleet, string name)
    {
        _fleet = fleet;
        Name = name;
        Circuit = new SharedCircuit(SimulatedFleet.Server, fleet.Options, fleet.Time);
        Agent = new CircuitAgent(Circuit, new BreakerStore(Evaluate, fleet.Options, name), ProbeAsync, fleet.Options, fleet.Time);
    }

    public string Name { get; }

    public SharedCircuit Circuit { get; }

    public CircuitAgent Agent { get; }

    /// <summary>It cannot reach the server, whatever the server's health.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>It cannot reach Redis.</summary>
    public bool IsPartitioned { get; set; }

    /// <summary>It does not hear what Redis pushes.</summary>
    public bool IsDeaf { get; set; }

    public bool HasCrashed { get; private set; }

    /// <summary>What it was told last, by replies and pushes: the reference for what it may do.</summary>
    public FleetState? Told { get; private set; }

    /// <summary>Its probe is on the way to the server.</summary>
    public bool IsProbing => _probing is not null && !HasCrashed;

    /// <summary>That probe was granted by the fleet.</summary>
    public bool IsProbingForFleet { get; private set; }

    /// <summary>Makes a call and returns whether it was let through.</summary>
    public bool Call()
    {
        CircuitSnapshot snapshot = Circuit.Snapshot;
        long now = _fleet.Time.GetTimestamp();
        if (!snapshot.PassesAll && !Circuit.Admits(snapshot, now))
            return false;

        if (Reaches)
            Circuit.Succeeded(snapshot, now, slow: false);
        else
            Circuit.Failed(snapshot, now);
        return true;
    }

    public bool Reaches => _fleet.IsServerWell && !IsCutOff;

    /// <summary>Sends a probe on its way, if there is something to probe and it may.</summary>
    public void BeginProbe()
    {
        if (_probe.IsCompleted)
            _probe = Agent.ProbeAsync(CancellationToken.None);
    }

    /// <summary>Lets the server's answer to the probe arrive. Returns whether a further one is wanted at once.</summary>
    public bool EndProbe()
    {
        TaskCompletionSource? probing = _probing;
        _probing = null;
        if (HasCrashed || probing is null)
            return false;
        if (Reaches)
            probing.TrySetResult();
        else
            probing.TrySetException(new TimeoutException());
        return _probe.Result;
    }

    /// <summary>Ends it in the middle of whatever it does; nothing of it is heard any more.</summary>
    public void Crash() => HasCrashed = true;

    public void Hear(FleetState state)
    {
        if (HasCrashed || IsDeaf || IsPartitioned)
            return;
        Circuit.Adopt(state);
        Note(state);
    }

    private ValueTask<string?> Evaluate(string script, RedisKey key, RedisValue[] arguments)
    {
        if (HasCrashed || IsPartitioned || _fleet.IsRedisDown)
            return new ValueTask<string?>((string?)null);

        string? reply = _fleet.Redis.Evaluate(script, key, arguments);
        Note(FleetState.Parse(reply.AsSpan(reply!.IndexOf('\n', StringComparison.Ordinal) + 1))!);
        return new ValueTask<string?>(reply);
    }

    private void Note(FleetState state)
    {
        if (Told is { } told && state.Epoch < told.Epoch)
            return;
        Told = state;
    }

    private Task ProbeAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource probing = new();
        _probing = probing;
        IsProbingForFleet = Circuit.Snapshot.Fleet is { State: not BreakerState.Closed };
        cancellationToken.Register(() =>
        {
            if (ReferenceEquals(_probing, probing))
                _probing = null;
            if (!HasCrashed)
                probing.TrySetCanceled(CancellationToken.None);
        });
        return probing.Task;
    }
}
