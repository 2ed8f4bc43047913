using TByte.Functions.Testing;

namespace TByte.Functions.LocalHost.Tests;

public class SkewedTimeProviderTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Only_the_wall_clock_is_wrong()
    {
        var time = new SkewedTimeProvider();
        TaskCompletionSource fired = new();
        await using ITimer timer = time.CreateTimer(_ => fired.SetResult(), state: null, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);
        long before = TimeProvider.System.GetTimestamp();

        foreach (TimeSpan skew in (TimeSpan[])[Hour, -Hour, TimeSpan.Zero])
        {
            time.Skew = skew;
            DateTimeOffset earliest = DateTimeOffset.UtcNow + skew;
            Assert.InRange(time.GetUtcNow(), earliest, earliest + (Hour / 2));
            Assert.InRange(time.GetLocalNow(), earliest, earliest + (Hour / 2));
        }

        Assert.Equal(TimeProvider.System.TimestampFrequency, time.TimestampFrequency);
        Assert.InRange(time.GetTimestamp(), before, TimeProvider.System.GetTimestamp());
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
