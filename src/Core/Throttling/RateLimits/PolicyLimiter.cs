using System.Diagnostics;
using BitFaster.Caching.Lru;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.Throttling;

/// <summary>
/// One policy. Most requests spend what was taken ahead and cost no call; those that find nothing left ask the store together, one
/// call at a time for each caller. While the store does not answer, the instance goes on within its own share.
/// </summary>
internal sealed class PolicyLimiter(
    RateLimitPolicy policy, int maxCallers, PermitStore store, Func<bool> isStoreAvailable, Func<int> liveInstances, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentLru<CallerKey, CallerPermits> _callers = new(maxCallers);
    private long _calls;
    private long _refused;
    private long _granted;

    public RateLimitPolicy Policy => policy;

    /// <summary>Callers that are remembered.</summary>
    public int Callers => _callers.Count;

    /// <summary>Requests that it has refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Requests that it has let through since somebody wants to know.</summary>
    public long Granted => Volatile.Read(ref _granted);

    private long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Whether a caller is known to be over the limit; costs nothing.</summary>
    public bool IsRefused(CallerKey caller)
    {
        if (!_callers.TryGet(caller, out CallerPermits? permits))
            return false;

        lock (permits.Lock)
            return permits.IsRefused(Now);
    }

    /// <summary>Asks for one permit. Waits for the store no longer than its budget, and only when nothing was taken ahead.</summary>
    public ValueTask<PolicyVerdict> AcquireAsync(CallerKey caller)
    {
        CallerPermits permits = _callers.GetOrAdd(caller, static _ => new CallerPermits());
        TaskCompletionSource<PolicyVerdict> waiter;
        lock (permits.Lock)
        {
            long now = Now;
            if (permits.TryDecide(policy, now) is { } verdict)
                return new ValueTask<PolicyVerdict>(verdict);
            if (!isStoreAvailable())
                return new ValueTask<PolicyVerdict>(permits.DecideAlone(policy, Share, now));

            waiter = new TaskCompletionSource<PolicyVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
            (permits.Waiting ??= []).Add(waiter);
            if (permits.IsAsking)
                return new ValueTask<PolicyVerdict>(waiter.Task);
            permits.IsAsking = true;
        }

        _ = AskAsync(caller, permits);
        return new ValueTask<PolicyVerdict>(waiter.Task);
    }

    public void CountGrant() => Interlocked.Increment(ref _granted);

    public void CountRefusal() => Interlocked.Increment(ref _refused);

    /// <summary>Takes a permit back that the request did not use after all.</summary>
    public void GiveBack(CallerKey caller, PolicyVerdict granted)
    {
        if (!granted.IsGranted || !_callers.TryGet(caller, out CallerPermits? permits))
            return;

        lock (permits.Lock)
            permits.GiveBack(policy, granted, Now);
    }

    /// <summary>What this instance may let through while it is alone.</summary>
    private int Share => Math.Max(1, policy.Permits / Math.Max(1, liveInstances()));

    private async Task AskAsync(CallerKey caller, CallerPermits permits)
    {
        while (true)
        {
            List<TaskCompletionSource<PolicyVerdict>> waiting;
            PermitCall call;
            long askedAt;
            lock (permits.Lock)
            {
                askedAt = Now;
                waiting = permits.Waiting!;
                permits.Waiting = null;
                call = permits.Ask(policy, Interlocked.Increment(ref _calls), waiting.Count, askedAt);
            }

            PermitGrant? grant = await TakeAsync(caller, call).ConfigureAwait(false);
            List<(TaskCompletionSource<PolicyVerdict> Waiter, PolicyVerdict Verdict)> decided;
            bool goesOn;
            lock (permits.Lock)
            {
                if (grant is { } granted)
                    permits.Answered(call, granted, askedAt, Now);
                decided = Decide(permits, waiting, isAnswered: grant is not null);
                goesOn = permits.IsAsking = permits.Waiting is not null;
            }

            foreach ((TaskCompletionSource<PolicyVerdict> waiter, PolicyVerdict verdict) in decided)
                waiter.SetResult(verdict);
            if (!goesOn)
                return;
            // What is asked for now are others, whose requests have traces of their own.
            Activity.Current = null;
        }
    }

    /// <summary>
    /// Decides for those who were asked for, and for those who came meanwhile if what was brought along is enough for them; without an
    /// answer for all of them, since none may wait for longer than one call.
    /// </summary>
    private List<(TaskCompletionSource<PolicyVerdict> Waiter, PolicyVerdict Verdict)> Decide(
        CallerPermits permits, List<TaskCompletionSource<PolicyVerdict>> asked, bool isAnswered)
    {
        long now = Now;
        List<(TaskCompletionSource<PolicyVerdict>, PolicyVerdict)> decided = new(asked.Count);
        foreach (TaskCompletionSource<PolicyVerdict> waiter in asked)
            decided.Add((waiter, permits.TryDecide(policy, now) ?? permits.DecideAlone(policy, Share, now)));

        List<TaskCompletionSource<PolicyVerdict>>? late = permits.Waiting;
        permits.Waiting = null;
        foreach (TaskCompletionSource<PolicyVerdict> waiter in late ?? [])
        {
            if ((permits.TryDecide(policy, now) ?? (isAnswered ? null : permits.DecideAlone(policy, Share, now))) is { } verdict)
                decided.Add((waiter, verdict));
            else
                (permits.Waiting ??= []).Add(waiter);
        }

        return decided;
    }

    // Whoever waits must be told something, whatever goes wrong.
    private async ValueTask<PermitGrant?> TakeAsync(CallerKey caller, PermitCall call)
    {
        try
        {
            return await store.TakeAsync(caller, call).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "Permits of the policy {Policy} could not be taken", policy.Name);
            return null;
        }
    }
}
