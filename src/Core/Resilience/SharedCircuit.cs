using TByte.Functions.Telemetry;

namespace TByte.Functions.Resilience;

/// <summary>
/// One protected server's breaker, as this instance has it: lets calls through by an immutable snapshot, counts what came of
/// them, and merges what the fleet says with what this instance has seen itself. Asks nobody; see <see cref="CircuitAgent"/>.
/// </summary>
public sealed class SharedCircuit
{
    private readonly Lock _transition = new();
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private CircuitSnapshot _snapshot;
    private long _ramping;
    private bool _ownProbeFailed;
    private long _refused;

    internal SharedCircuit(string name, BreakerOptions options, TimeProvider time)
    {
        Name = name;
        _options = options;
        _time = time;
        _snapshot = new CircuitSnapshot(name, options, time);
    }

    /// <summary>The protected server's name.</summary>
    public string Name { get; }

    /// <summary>Whether no call passes at the moment; never in shadow mode.</summary>
    public bool IsBroken => Snapshot is { PassesAll: false } snapshot && snapshot.ShareAt(_time.GetTimestamp()) == 0;

    /// <summary>When trying again may pay; of no meaning while it is closed.</summary>
    public TimeSpan RetryAfter => Snapshot.RetryAfterAt(_time.GetTimestamp());

    internal TimeProvider Time => _time;

    /// <summary>Calls that it has let not through.</summary>
    internal long Refused => Volatile.Read(ref _refused);

    /// <summary>Raised after every probe of this instance, with whether the server answered.</summary>
    internal event Action<bool>? Probed;

    internal CircuitSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Raised, on the thread of a call, when it failed or was slow: the fleet should hear of it soon.</summary>
    internal event Action? EvidenceFound;

    /// <summary>Raised after every change of what this instance knows, under no lock.</summary>
    internal event Action<CircuitSnapshot, CircuitSnapshot>? Changed;

    internal bool Admits(CircuitSnapshot snapshot, long now)
    {
        double share = snapshot.ShareAt(now);
        return share >= 1 || (share > 0 && Ramp.Lets(Interlocked.Increment(ref _ramping), share));
    }

    internal void Succeeded(CircuitSnapshot snapshot, long now, bool slow)
    {
        snapshot.Evidence.AddSuccess(now, slow);
        if (slow)
            Weigh(snapshot, now);
    }

    internal void Failed(CircuitSnapshot snapshot, long now)
    {
        snapshot.Evidence.AddFailure(now);
        Weigh(snapshot, now);
    }

    /// <summary>Takes over what the fleet says, unless something newer is known.</summary>
    internal void Adopt(FleetState fleet)
    {
        long now = _time.GetTimestamp();
        Change(current =>
        {
            if (fleet.Epoch < current.Epoch)
                return current;

            LocalBreaker local = current.Local;
            if (fleet.State != BreakerState.Closed)
                // One breaker at a time decides, or every instance would probe for itself as well.
                local = LocalBreaker.Closed;
            else if (IsLost(current.Fleet, fleet))
                local = CarryOn(current, now);
            else if (current.Fleet is { State: not BreakerState.Closed } && _ownProbeFailed)
                local = local.Open("this instance's probe failed while others' succeeded", now, _options, _time);

            // What counts is the probe of the last half-open time: in the outage before, everybody's failed.
            if (fleet.Epoch != current.Epoch)
                _ownProbeFailed = false;
            return current.With(fleet, local, now);
        });
    }

    /// <summary>The shared state has not been reached for long: from here on this instance decides alone.</summary>
    internal void Lose()
    {
        long now = _time.GetTimestamp();
        Change(current => current.Fleet is null ? current : current.WithoutFleet(CarryOn(current, now)));
    }

    /// <summary>Notes a call that was not let through.</summary>
    internal void CountRefused()
    {
        Interlocked.Increment(ref _refused);
        BreakerSpans.Refused(this);
    }

    /// <summary>Notes what came of a probe that was made for the fleet.</summary>
    internal void FleetProbed(bool succeeded)
    {
        Probed?.Invoke(succeeded);
        lock (_transition)
            _ownProbeFailed = !succeeded;
    }

    /// <summary>Takes what came of a probe that was made for the local breaker.</summary>
    internal void LocalProbed(bool succeeded)
    {
        Probed?.Invoke(succeeded);
        long now = _time.GetTimestamp();
        Change(current => current.Local.IsOpen ? current.With(current.Local.Probed(succeeded, now, _options, _time)) : current);
    }

    private void Weigh(CircuitSnapshot snapshot, long now)
    {
        CircuitSnapshot current = Snapshot;
        // A call that began in another epoch says nothing about this one.
        if (!ReferenceEquals(snapshot.Evidence, current.Evidence))
            return;

        if (!current.Local.IsOpen && ReasonToOpen(current, now) is not null)
            OpenLocally(now);
        EvidenceFound?.Invoke();
    }

    private void OpenLocally(long now) => Change(current =>
    {
        bool decides = !current.Local.IsOpen && current.Fleet is null or { State: BreakerState.Closed } && !current.IsForcedAt(now);
        return decides && ReasonToOpen(current, now) is { } reason
            ? current.With(current.Local.Open(reason, now, _options, _time))
            : current;
    });

    private string? ReasonToOpen(CircuitSnapshot snapshot, long now) =>
        snapshot.Evidence.CountRecent(now, snapshot.Local.Since).ReasonToOpen(_options)
        ?? snapshot.Evidence.Count(now, snapshot.Local.Since).ReasonToOpen(_options);

    /// <summary>The local breaker that goes on where the shared one, last heard of, left off.</summary>
    private LocalBreaker CarryOn(CircuitSnapshot last, long now) => last.Fleet is { State: not BreakerState.Closed } && !last.IsForcedAt(now)
        ? last.Local.Open("the shared state was lost while open", now, _options, _time)
        : last.Local;

    // A breaker that has closed by its probes has a streak. One without, of which not even the instances are known, is new.
    private static bool IsLost(FleetState? last, FleetState next) =>
        last is { State: not BreakerState.Closed } && next is { Streak: 0, Live: 0, IsForced: false };

    private void Change(Func<CircuitSnapshot, CircuitSnapshot> change)
    {
        CircuitSnapshot before;
        CircuitSnapshot after;
        lock (_transition)
        {
            before = _snapshot;
            after = change(before);
            Volatile.Write(ref _snapshot, after);
        }

        if (!ReferenceEquals(before, after))
            Changed?.Invoke(before, after);
    }
}
