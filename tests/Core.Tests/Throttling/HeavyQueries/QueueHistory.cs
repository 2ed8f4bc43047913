using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling;

/// <summary>Something that happens to a queue.</summary>
internal abstract record QueueStep
{
    public sealed record Arrive(HeavyQueryPriority Priority) : QueueStep;

    /// <summary>One of those with a slot gives it back.</summary>
    public sealed record Release(int Which) : QueueStep;

    /// <summary>One of all that have come, waiting or not, is not wanted any more.</summary>
    public sealed record Cancel(int Which) : QueueStep;

    public sealed record Wait(int Milliseconds) : QueueStep;

    public sealed record Pressure(bool IsHigh) : QueueStep;
}

/// <summary>A queue, all who have come to it, and the checks after every step.</summary>
internal sealed class QueueHistory : IDisposable
{
    private static readonly HeavyQueryOptions Options = new()
    {
        MaxRunning = 4,
        MaxRunningUnderPressure = 2,
        QueueLength = 3,
        QueueTimeout = TimeSpan.FromMilliseconds(400),
    };

    private readonly FakeTimeProvider _time = new();
    private readonly HeavyQueryQueue _queue;
    private readonly List<Visitor> _visitors = [];
    private bool _isUnderPressure;
    private DateTimeOffset? _roomSince;

    public QueueHistory() => _queue = new HeavyQueryQueue(Options, () => _isUnderPressure, _time);

    private Visitor[] Waiting => [.. _visitors.Where(visitor => visitor.IsWaiting)];

    private Visitor[] Running => [.. _visitors.Where(visitor => visitor.IsRunning)];

    private int Limit => _isUnderPressure ? Options.MaxRunningUnderPressure : Options.MaxRunning;

    public void Take(QueueStep step)
    {
        Visitor[] ran = Running;
        Visitor[] waited = Waiting;
        switch (step)
        {
            case QueueStep.Arrive(HeavyQueryPriority priority):
                Arrive(priority);
                break;
            case QueueStep.Release(int which) when ran.Length > 0:
                ran[which % ran.Length].Leave();
                break;
            case QueueStep.Cancel(int which) when _visitors.Count > 0:
                _visitors[which % _visitors.Count].Cancel();
                break;
            case QueueStep.Wait(int milliseconds):
                _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                break;
            case QueueStep.Pressure(bool isHigh):
                _isUnderPressure = isHigh;
                break;
        }

        CheckAdmitted([.. Running.Except(ran)], [.. waited.Where(visitor => visitor.IsWaiting)]);
        CheckRefused([.. waited.Where(visitor => visitor.IsRefused)], step);
        CheckNobodyIsForgotten(mustBeTidy: step is QueueStep.Arrive || (step is QueueStep.Release && ran.Length > 0));
        Assert.Equal((Running.Length, Waiting.Length), _queue.Counts);
        Assert.True(Waiting.Length <= Options.QueueLength, "the queue is longer than it may be");
    }

    /// <summary>Everybody goes; then there is room for as many as ever.</summary>
    public void End()
    {
        Take(new QueueStep.Pressure(false));
        Take(new QueueStep.Wait((int)Options.QueueTimeout.TotalMilliseconds));
        while (Running.Length > 0)
            Take(new QueueStep.Release(0));
        Assert.Equal((0, 0), _queue.Counts);

        for (int i = 0; i < Options.MaxRunning; i++)
            Take(new QueueStep.Arrive(HeavyQueryPriority.Background));
        Assert.Equal((Options.MaxRunning, 0), _queue.Counts);
    }

    public void Dispose()
    {
        _queue.Dispose();
        foreach (Visitor visitor in _visitors)
            visitor.Dispose();
    }

    private void Arrive(HeavyQueryPriority priority)
    {
        // Whoever waits and may go on does so before the new one is looked at.
        int room = Limit - Running.Length;
        Visitor[] left = [.. Waiting.OrderBy(visitor => visitor.Priority).ThenBy(visitor => visitor.Number)];
        int goOn = Math.Clamp(room, 0, left.Count(CouldRun));
        left = left[goOn..];

        Visitor arrival = new(_visitors.Count, priority, _time.GetUtcNow());
        _visitors.Add(arrival);
        arrival.Enter(_queue);

        bool isAlone = !left.Any(waiting => waiting.Priority <= priority);
        bool mayDisplace = priority == HeavyQueryPriority.Interactive && left.Any(waiting => waiting.Priority == HeavyQueryPriority.Background);
        bool runs = room > goOn && isAlone && CouldRun(arrival);
        bool waits = !runs && (left.Length < Options.QueueLength || mayDisplace);
        Assert.Equal((runs, waits, !runs && !waits), (arrival.IsRunning, arrival.IsWaiting, arrival.IsRefused));
    }

    private void CheckAdmitted(Visitor[] admitted, Visitor[] passedOver)
    {
        if (admitted.Length > 0)
            Assert.True(Running.Length <= Limit, $"{Running.Length} run where {Limit} may");
        foreach (Visitor visitor in admitted)
        {
            Assert.True(CouldRun(visitor), "background work starts under pressure");
            Assert.DoesNotContain(passedOver, waiting =>
                waiting.Priority < visitor.Priority || (waiting.Priority == visitor.Priority && waiting.Number < visitor.Number));
        }
    }

    private void CheckRefused(Visitor[] refused, QueueStep step)
    {
        foreach (Visitor visitor in refused)
        {
            bool isLate = _time.GetUtcNow() >= visitor.Arrived + Options.QueueTimeout;
            bool isDisplaced = step is QueueStep.Arrive(HeavyQueryPriority.Interactive)
                && visitor.Priority == HeavyQueryPriority.Background
                && !Waiting.Any(other => other.Priority == HeavyQueryPriority.Background && other.Number > visitor.Number);
            Assert.True(isLate || isDisplaced, "one that waits is refused for nothing");
            Assert.InRange(visitor.RetryAfter, TimeSpan.FromSeconds(1), 2 * Options.QueryBudget);
        }
    }

    private void CheckNobodyIsForgotten(bool mustBeTidy)
    {
        Assert.DoesNotContain(Waiting, visitor => _time.GetUtcNow() >= visitor.Arrived + Options.QueueTimeout);
        if (Running.Length >= Limit || !Waiting.Any(CouldRun))
        {
            _roomSince = null;
            return;
        }

        Assert.False(mustBeTidy, "one waits although there is room");
        _roomSince ??= _time.GetUtcNow();
        Assert.True(_time.GetUtcNow() - _roomSince < HeavyQueryQueue.RecheckInterval, "one waits long after there was room");
    }

    private bool CouldRun(Visitor visitor) => !_isUnderPressure || visitor.Priority == HeavyQueryPriority.Interactive;

    /// <summary>One who has come to the queue.</summary>
    private sealed class Visitor(int number, HeavyQueryPriority priority, DateTimeOffset arrived) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private Task<HeavyQuerySlot>? _slot;
        private bool _hasLeft;

        public int Number => number;

        public HeavyQueryPriority Priority => priority;

        public DateTimeOffset Arrived => arrived;

        public bool IsWaiting => _slot is { IsCompleted: false };

        public bool IsRunning => _slot is { IsCompletedSuccessfully: true } && !_hasLeft;

        public bool IsRefused => _slot is { IsFaulted: true };

        public TimeSpan RetryAfter => Assert.IsType<HeavyQueryRejectedException>(_slot!.Exception!.InnerException).RetryAfter;

        public void Enter(HeavyQueryQueue queue) => _slot = queue.EnterAsync(priority, _cancellation.Token);

        public void Leave()
        {
            HeavyQuerySlot slot = _slot!.Result;
            slot.Dispose();
            // Giving it back twice frees one slot, not two.
            slot.Dispose();
            _hasLeft = true;
        }

        /// <summary>Who waits goes at once; anybody else stays what it was.</summary>
        public void Cancel()
        {
            bool waited = IsWaiting;
            bool ran = IsRunning;
            _cancellation.Cancel();
            Assert.Equal((waited, ran), (_slot!.IsCanceled && waited, IsRunning));
        }

        public void Dispose() => _cancellation.Dispose();
    }
}
