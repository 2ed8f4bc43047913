using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

public sealed class WarmingPaceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Entries_wait_for_those_before_them()
    {
        FakeTimeProvider time = new();
        WarmingPace pace = new(perSecond: 100, static () => true, time);

        Assert.True(pace.WaitAsync(50, Token).IsCompleted);
        Task second = pace.WaitAsync(100, Token), third = pace.WaitAsync(1, Token);

        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(third.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(third.IsCompleted);
    }

    [Fact]
    public void What_was_not_used_is_not_saved_up()
    {
        FakeTimeProvider time = new();
        WarmingPace pace = new(perSecond: 100, static () => true, time);
        time.Advance(TimeSpan.FromHours(1));

        Assert.True(pace.WaitAsync(100, Token).IsCompleted);
        Assert.False(pace.WaitAsync(1, Token).IsCompleted);
    }

    [Fact]
    public void While_a_breaker_is_not_closed_it_takes_four_times_as_long()
    {
        FakeTimeProvider time = new();
        bool isWell = false;
        WarmingPace pace = new(perSecond: 100, () => isWell, time);

        Assert.True(pace.WaitAsync(100, Token).IsCompleted);
        isWell = true;
        Task second = pace.WaitAsync(100, Token), third = pace.WaitAsync(100, Token);
        time.Advance(TimeSpan.FromMilliseconds(3_999));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(second.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(third.IsCompleted);
    }
}
