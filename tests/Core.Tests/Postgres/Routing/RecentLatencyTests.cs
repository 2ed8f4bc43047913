using CsCheck;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

public sealed class RecentLatencyTests
{
    [Fact]
    public void Is_the_95th_percentile_of_the_last_512() =>
        Gen.Int[1, 1_000].Array[64, 1_500].Sample(milliseconds =>
        {
            RecentLatency latency = new();
            foreach (int took in milliseconds)
                latency.Add(TimeSpan.FromMilliseconds(took));

            int counted = milliseconds.Length / 64 * 64;
            int[] recent = [.. milliseconds.Take(counted).TakeLast(512).Order()];
            int slower = recent.Count(took => TimeSpan.FromMilliseconds(took) > latency.P95);
            Assert.Contains(recent, took => TimeSpan.FromMilliseconds(took) == latency.P95);
            Assert.InRange(slower, 0, (recent.Length / 20) + 1);
            Assert.True(recent.Count(took => TimeSpan.FromMilliseconds(took) >= latency.P95) >= recent.Length / 20);
        });

    [Fact]
    public void Says_nothing_before_it_has_seen_64()
    {
        RecentLatency latency = new();
        for (int i = 0; i < 63; i++)
            latency.Add(TimeSpan.FromMilliseconds(1));
        Assert.Null(latency.P95);
    }
}
