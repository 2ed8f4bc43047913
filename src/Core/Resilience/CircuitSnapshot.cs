using Polly.CircuitBreaker;

namespace TByte.Functions.Resilience;

/// <summary>What an instance knows of one breaker at a moment. A call keeps the one that it began with, and reports to it.</summary>
internal sealed class CircuitSnapshot
{
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private BrokenCircuitException? _rejection;

    public CircuitSnapshot(string name, BreakerOptions options, TimeProvider time)
        : this(name, options, time, epoch: 0, fleet: null, readAt: 0, LocalBreaker.Closed, new EvidenceWindow(options.SamplingWindow, time))
    {
    }

    private CircuitSnapshot(
        string name, BreakerOptions options, TimeProvider time, long epoch, FleetState? fleet, long readAt, LocalBreaker local, EvidenceWindow evidence)
    {
        Name = name;
        _options = options;
        _time = time;
        Epoch = epoch;
        Fleet = fleet;
        ReadAt = readAt;
        Local = local;
        Evidence = evidence;
        PassesAll = options.Shadow || IsClosedFor(time.GetTimestamp());
    }

    public string Name { get; }

    /// <summary>The newest epoch that this instance has seen; kept when the shared state cannot be reached.</summary>
    public long Epoch { get; }

    /// <summary>The shared state; null when it is not known, and the local breaker decides alone.</summary>
    public FleetState? Fleet { get; }

    /// <summary>When the shared state was read, a timestamp.</summary>
    public long ReadAt { get; }

    public LocalBreaker Local { get; }

    /// <summary>The calls of this epoch.</summary>
    public EvidenceWindow Evidence { get; }

    /// <summary>Every call passes, whatever the time: the closed path looks at nothing else.</summary>
    public bool PassesAll { get; }

    public CircuitSnapshot With(FleetState fleet, LocalBreaker local, long readAt) => new(
        Name, _options, _time, fleet.Epoch, fleet, readAt, local,
        fleet.Epoch == Epoch ? Evidence : new EvidenceWindow(_options.SamplingWindow, _time));

    public CircuitSnapshot WithoutFleet(LocalBreaker local) => new(Name, _options, _time, Epoch, fleet: null, ReadAt, local, Evidence);

    public CircuitSnapshot With(LocalBreaker local) => new(Name, _options, _time, Epoch, Fleet, ReadAt, local, Evidence);

    /// <summary>An operator's order holds at the moment.</summary>
    public bool IsForcedAt(long now) => Fleet is { IsForced: true } fleet && ElapsedAt(now) < fleet.Length;

    /// <summary>The share of calls that pass, 0 to 1.</summary>
    public double ShareAt(long now)
    {
        if (Fleet is { State: not BreakerState.Closed })
            return 0;
        if (IsForcedAt(now))
            return 1;
        if (Local.IsOpen)
            return 0;

        double fleet = Fleet is { Streak: > 0 } ? Ramp.Share(ElapsedAt(now), _options.RampTime) : 1;
        double local = Local.Streak > 0 ? Ramp.Share(_time.GetElapsedTime(Local.Since, now), _options.RampTime) : 1;
        return Math.Min(fleet, local);
    }

    /// <summary>When trying again may pay.</summary>
    public TimeSpan RetryAfterAt(long now)
    {
        TimeSpan wait = Fleet switch
        {
            { State: BreakerState.Open } open => open.Length - ElapsedAt(now),
            null or { State: BreakerState.Closed } when Local.IsOpen => Local.OpenTime - _time.GetElapsedTime(Local.Since, now),
            _ => TimeSpan.Zero,
        };
        return wait > _options.ProbeInterval ? wait : _options.ProbeInterval;
    }

    /// <summary>
    /// What a refused call gets. Made once a snapshot, which is at least once a poll: an open breaker is asked the most when the
    /// least is to be spent.
    /// </summary>
    public BrokenCircuitException Rejection => _rejection ??= new BrokenCircuitException(
        $"The breaker {Name} is open and lets no call through.", RetryAfterAt(_time.GetTimestamp()));

    /// <summary>For how long the shared state has been what it is.</summary>
    public TimeSpan ElapsedAt(long now) => Fleet is { } fleet ? fleet.Elapsed + _time.GetElapsedTime(ReadAt, now) : TimeSpan.Zero;

    // An order to keep it closed ends by itself, and must then leave nothing open underneath unseen.
    private bool IsClosedFor(long now) => ShareAt(now) >= 1 && !Local.IsOpen;
}
