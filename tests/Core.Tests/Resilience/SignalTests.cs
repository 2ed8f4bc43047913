using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

public sealed class SignalTests
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly Signal _signal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Set_before_anybody_waits_it_wakes_the_next_waiter_at_once()
    {
        _signal.Set();
        Assert.True(Wait().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Set_while_somebody_waits_it_wakes_him()
    {
        Task waiting = Wait();
        Assert.False(waiting.IsCompleted);
        _signal.Set();
        await waiting;
    }

    [Fact]
    public async Task However_often_it_is_set_it_wakes_once()
    {
        _signal.Set();
        _signal.Set();
        await Wait();

        Task next = Wait();
        Assert.False(next.IsCompleted);
        _time.Advance(Most);
        await next;
    }

    [Fact]
    public async Task Who_is_not_woken_waits_for_the_time_given_and_no_longer()
    {
        Task waiting = Wait();
        _time.Advance(Most - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;

        Assert.False(Wait().IsCompleted);
        _signal.Set();
        await Wait();
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_nothing_from_the_next()
    {
        using CancellationTokenSource end = new();
        Task waiting = _signal.WaitAsync(Most, _time, end.Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _signal.Set();
        Assert.True(Wait().IsCompletedSuccessfully);
    }

    private Task Wait() => _signal.WaitAsync(Most, _time, Token);
}
