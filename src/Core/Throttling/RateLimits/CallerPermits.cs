namespace TByte.Functions.Throttling;

/// <summary>
/// One caller's permits of one policy, as one instance has them: some taken ahead from the fleet, and a memory of what was spent.
/// Not safe for threads by itself: everything is called under <see cref="Lock"/>.
/// </summary>
internal sealed class CallerPermits
{
    private AdmissionWindow _spent;
    private long _lastSpentAt;
    private int _unreported;
    private int _reporting;

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
        Spend(policy, now);
        return new PolicyVerdict(true, _leftInFleet + _ahead, Left(_freeAt, now)) { Lease = _answered };
    }

    /// <summary>Decides alone, within this instance's share of the limit.</summary>
    public PolicyVerdict DecideAlone(RateLimitPolicy policy, int share, long now)
    {
        long window = Milliseconds(policy.Window);
        int spent = _spent.Count(now, window);
        if (spent >= share)
            return Refusal(_spent.UntilBelow(share, now, window));

        Spend(policy, now);
        return new PolicyVerdict(true, share - spent - 1, TimeSpan.FromMilliseconds(_spent.UntilBelow(spent + 1, now, window)));
    }

    /// <summary>Prepares a call to the store. What is left of the last lease goes back with it.</summary>
    public PermitCall Ask(RateLimitPolicy policy, long number, int wanted, long now)
    {
        _ahead = 0;
        _reporting = _unreported;
        // A clock that is read in whole milliseconds may make it look one longer ago.
        long idle = Math.Max(0, now - _lastSpentAt - 1);
        return new PermitCall(number, _answered, _unreported, _spent.Count(now, Milliseconds(policy.Window)), idle, wanted);
    }

    /// <summary>Takes over what the store has answered to a call that was made at <paramref name="askedAt"/>.</summary>
    public void Answered(PermitCall asked, PermitGrant grant, long askedAt, long now)
    {
        _answered = asked.Number;
        _unreported -= _reporting;
        _ahead = grant.Granted + grant.Ahead;
        _leaseEnds = askedAt + grant.LeaseMilliseconds;
        _leftInFleet = grant.Left;
        // What is told is never too early, though the answer took its time and the store's clock may run a little slower; what is refused
        // without asking is never too late, since another instance may have told it.
        _freeAt = now + grant.FreeInMilliseconds + grant.FreeInMilliseconds / 10_000 + 1;
        _refusedUntil = grant.Granted < asked.Wanted ? askedAt + grant.FreeInMilliseconds - grant.FreeInMilliseconds / 10_000 : 0;
    }

    /// <summary>Takes a permit back that was granted but not used, if its lease is still the current one.</summary>
    public void GiveBack(RateLimitPolicy policy, PolicyVerdict granted, long now)
    {
        if (IsAsking || granted.Lease == 0 || granted.Lease != _answered || _unreported == 0)
            return;

        _ahead++;
        _unreported--;
        _spent.Remove(now, Milliseconds(policy.Window));
    }

    private void Spend(RateLimitPolicy policy, long now)
    {
        _unreported++;
        _lastSpentAt = now;
        _spent.Add(now, Milliseconds(policy.Window));
    }

    private static PolicyVerdict Refusal(long milliseconds) => new(false, 0, TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)));

    private static TimeSpan Left(long moment, long now) => TimeSpan.FromMilliseconds(Math.Max(0, moment - now));

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
