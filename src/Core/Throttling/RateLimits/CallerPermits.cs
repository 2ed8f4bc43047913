namespace TByte.Functions.Throttling;

/// <summary>
/// One caller's permits of one policy, as one instance has them: some taken ahead from the fleet, and a memory of what was spent.
/// Not safe for threads by itself: everything is called under <see cref="Lock"/>.
/// </summary>
internal sealed class CallerPermits
{
    private AdmissionWindow _spent;
    private long _lastSpentAt;

    // Spent and not told of yet, and how much of what was spent alone is being told.
    private int _ofLease;
    private int _alone;
    private int _telling;

    private long _answered;
    private int _ahead;
    private long _leaseEnds;
    private int _leftInFleet;
    private long _freeAt;
    private long _refusedUntil;

    public Lock Lock { get; } = new();

    /// <summary>Requests that wait for the store; null when none does.</summary>
    public List<TaskCompletionSource<PolicyVerdict>>? Waiting { get; set; }

    /// <summary>Whether a call to the store is under way.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Whether requests are refused without asking the store, because it has said until when.</summary>
    public bool IsRefused(long now) => now < _refusedUntil;

    /// <summary>Decides by what is known; null when the store has to be asked.</summary>
    public PolicyVerdict? TryDecide(RateLimitPolicy policy, long now)
    {
        if (IsRefused(now))
            return Refusal(_freeAt - now);
        if (_ahead == 0 || now >= _leaseEnds)
            return null;

        _ahead--;
        _ofLease++;
        Spend(policy, now);
        return new PolicyVerdict(true, _leftInFleet + _ahead, Left(_freeAt, now)) { Answered = _answered };
    }

    /// <summary>Decides alone, within this instance's share of the limit.</summary>
    public PolicyVerdict DecideAlone(RateLimitPolicy policy, int share, long now)
    {
        long window = Milliseconds(policy.Window);
        int spent = _spent.Count(now, window);
        if (spent >= share)
            return Refusal(_spent.UntilBelow(share, now, window));

        _alone++;
        Spend(policy, now);
        TimeSpan freeIn = TimeSpan.FromMilliseconds(_spent.UntilBelow(spent + 1, now, window));
        return new PolicyVerdict(true, share - spent - 1, freeIn) { Answered = _answered, IsAlone = true };
    }

    /// <summary>Prepares a call to the store. What is left of the last lease goes back with it.</summary>
    public PermitCall Ask(RateLimitPolicy policy, long number, int wanted, long now)
    {
        _ahead = 0;
        _telling = _alone;
        // Both clocks are read in whole milliseconds, which may make it look two longer ago.
        long idle = Math.Max(0, now - _lastSpentAt - 2);
        return new PermitCall(number, _answered, _ofLease, _alone, _spent.Count(now, Milliseconds(policy.Window)), idle, wanted);
    }

    /// <summary>Takes over what the store has answered to a call that was made at <paramref name="askedAt"/>.</summary>
    public void Answered(PermitCall asked, PermitGrant grant, long askedAt, long now)
    {
        _answered = asked.Number;
        _ofLease = 0;
        _alone -= _telling;
        _ahead = grant.Granted + grant.Ahead;
        _leaseEnds = askedAt + grant.LeaseMilliseconds;
        _leftInFleet = grant.Left;
        // What is told is never too early, though the answer took its time and the store's clock may run a little slower; what is refused
        // without asking is never too late, since another instance may have told it.
        _freeAt = now + grant.FreeInMilliseconds + grant.FreeInMilliseconds / 10_000 + 1;
        _refusedUntil = grant.Granted < asked.Wanted ? askedAt + grant.FreeInMilliseconds - grant.FreeInMilliseconds / 10_000 : 0;
    }

    /// <summary>Takes a permit back that was granted but not used, unless it was reported as spent already.</summary>
    public void GiveBack(RateLimitPolicy policy, PolicyVerdict granted, long now)
    {
        ref int untold = ref granted.IsAlone ? ref _alone : ref _ofLease;
        if (IsAsking || granted.Answered != _answered || untold == 0)
            return;

        untold--;
        _ahead += granted.IsAlone ? 0 : 1;
        _spent.Remove(now, Milliseconds(policy.Window));
    }

    private void Spend(RateLimitPolicy policy, long now)
    {
        _lastSpentAt = now;
        _spent.Add(now, Milliseconds(policy.Window));
    }

    private static PolicyVerdict Refusal(long milliseconds) => new(false, 0, TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)));

    private static TimeSpan Left(long moment, long now) => TimeSpan.FromMilliseconds(Math.Max(0, moment - now));

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
