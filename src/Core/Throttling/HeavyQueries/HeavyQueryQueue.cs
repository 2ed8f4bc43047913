using TByte.Functions.Postgres;

namespace TByte.Functions.Throttling;

/// <summary>
/// Who of this instance may ask a heavy query now. As many as the limit allows have a slot; the others wait in order of arrival,
/// interactive ones before background ones. Background ones do not start under pressure at all.
/// </summary>
/// <param name="options">Limits and bounds.</param>
/// <param name="isUnderPressure">Whether the database has enough to do; asked often, so it must be cheap. Must not throw.</param>
/// <param name="time">The clock.</param>
internal sealed class HeavyQueryQueue(HeavyQueryOptions options, Func<bool> isUnderPressure, TimeProvider time) : IDisposable
{
    /// <summary>How often those who wait are looked at again: pressure eases without a word.</summary>
    public static readonly TimeSpan RecheckInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _interactive = new();
    private readonly LinkedList<Waiter> _background = new();
    private readonly QueuePace _pace = new(options);
    private ITimer? _recheck;
    private int _running;

    /// <summary>How many have a slot, and how many wait for one.</summary>
    public (int Running, int Waiting) Counts
    {
        get
        {
            lock (_lock)
                return (_running, WaitingCount);
        }
    }

    /// <summary>How many may have a slot at the moment.</summary>
    public int Limit => isUnderPressure() ? options.MaxRunningUnderPressure : options.MaxRunning;

    private int WaitingCount => _interactive.Count + _background.Count;

    /// <summary>Waits for a slot, which must be disposed of.</summary>
    /// <exception cref="HeavyQueryRejectedException">The queue is full, or it was waited for too long.</exception>
    /// <exception cref="OperationCanceledException">The caller does not want it any more.</exception>
    public Task<HeavyQuerySlot> EnterAsync(HeavyQueryPriority priority, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<HeavyQuerySlot>(cancellationToken);

        lock (_lock)
        {
            AdmitWaiting();
            Deadline deadline = Deadline.In(time, options.QueueTimeout);
            if (IsNextIfAlone(priority) && HasRoomFor(priority))
                return Task.FromResult(Admit(deadline));

            if (WaitingCount >= options.QueueLength && !TryDisplaceFor(priority))
                return Task.FromException<HeavyQuerySlot>(Rejection("Too many reports are waiting already."));

            Waiter waiter = new(priority == HeavyQueryPriority.Interactive ? _interactive : _background, deadline);
            waiter.Enqueue();
            // Should the token be cancelled meanwhile, it calls back here and now, within the lock.
            waiter.Registration = cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    (HeavyQueryQueue queue, Waiter gone) = ((HeavyQueryQueue, Waiter))state!;
                    queue.Cancel(gone, token);
                },
                (this, waiter));
            ScheduleRecheck();
            return waiter.Task;
        }
    }

    /// <summary>When one that is refused now may try again: see <see cref="HeavyQueryRejectedException.RetryAfter"/>.</summary>
    public TimeSpan RetryAfter()
    {
        lock (_lock)
            return _pace.RetryAfter(WaitingCount, Limit);
    }

    public void Dispose()
    {
        lock (_lock)
            _recheck?.Dispose();
    }

    private void Leave(TimeSpan held)
    {
        lock (_lock)
        {
            _running--;
            _pace.Held(held);
            AdmitWaiting();
        }
    }

    private void Cancel(Waiter waiter, CancellationToken token)
    {
        lock (_lock)
        {
            if (waiter.TryDequeue())
                waiter.SetCanceled(token);
        }
    }

    private void Recheck()
    {
        lock (_lock)
        {
            AdmitWaiting();
            RejectLate(_interactive);
            RejectLate(_background);
            if (WaitingCount > 0)
                ScheduleRecheck();
        }
    }

    private void AdmitWaiting()
    {
        while (WaitingCount > 0)
        {
            HeavyQueryPriority priority = _interactive.Count > 0 ? HeavyQueryPriority.Interactive : HeavyQueryPriority.Background;
            if (!HasRoomFor(priority))
                return;

            Waiter next = (_interactive.First ?? _background.First)!.Value;
            next.TryDequeue();
            next.SetResult(Admit(next.Deadline));
        }
    }

    private HeavyQuerySlot Admit(Deadline deadline)
    {
        _running++;
        return new HeavyQuerySlot(time, deadline, Leave);
    }

    private bool HasRoomFor(HeavyQueryPriority priority) => isUnderPressure()
        ? priority == HeavyQueryPriority.Interactive && _running < options.MaxRunningUnderPressure
        : _running < options.MaxRunning;

    private bool IsNextIfAlone(HeavyQueryPriority priority) =>
        _interactive.Count == 0 && (priority == HeavyQueryPriority.Interactive || _background.Count == 0);

    private bool TryDisplaceFor(HeavyQueryPriority priority)
    {
        if (priority == HeavyQueryPriority.Background || _background.Last is not { } newest)
            return false;

        newest.Value.TryDequeue();
        newest.Value.SetException(Rejection("Reports that somebody waits for have taken its place in the queue."));
        return true;
    }

    private void RejectLate(LinkedList<Waiter> waiters)
    {
        while (waiters.First is { } first && first.Value.Deadline.Left == TimeSpan.Zero)
        {
            first.Value.TryDequeue();
            first.Value.SetException(Rejection("Its turn has not come in time."));
        }
    }

    // At the next deadline, if it is sooner, so that nobody waits for longer than said.
    private void ScheduleRecheck()
    {
        TimeSpan next = RecheckInterval;
        foreach (Waiter? first in (Waiter?[])[_interactive.First?.Value, _background.First?.Value])
        {
            if (first?.Deadline.Left < next)
                next = first.Deadline.Left;
        }

        _recheck ??= time.CreateTimer(
            static queue => ((HeavyQueryQueue)queue!).Recheck(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _recheck.Change(next, Timeout.InfiniteTimeSpan);
    }

    private HeavyQueryRejectedException Rejection(string message) => new(message, _pace.RetryAfter(WaitingCount, Limit));

    /// <summary>One in the queue. Whoever takes it out of the queue completes it, so that it is completed once.</summary>
    private sealed class Waiter(LinkedList<Waiter> queue, Deadline deadline)
        : TaskCompletionSource<HeavyQuerySlot>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private LinkedListNode<Waiter>? _node;

        public Deadline Deadline => deadline;

        public CancellationTokenRegistration Registration { get; set; }

        public void Enqueue() => _node = queue.AddLast(this);

        public bool TryDequeue()
        {
            if (_node is not { } node)
                return false;

            _node = null;
            queue.Remove(node);
            // Not disposed of: that would wait for a callback, which waits for the lock.
            Registration.Unregister();
            return true;
        }
    }
}
