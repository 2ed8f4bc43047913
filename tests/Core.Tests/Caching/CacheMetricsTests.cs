using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>Every read is counted once, by where its answer came from.</summary>
public sealed class CacheMetricsTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_level_counts_what_it_answered()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        using MetricCollector<double> ofOne = Collect(one), ofOther = Collect(other);
        TestRow row = new();

        await ReadAsync(one, row);
        await ReadAsync(one, row);
        await ReadAsync(one, row);
        await ReadAsync(other, row);
        await ReadAsync(other, row);

        Assert.Equal(["miss", "memory_hit", "memory_hit"], Outcomes(ofOne));
        Assert.Equal(["redis_hit", "memory_hit"], Outcomes(ofOther));
    }

    [Fact]
    public async Task Readers_that_share_a_load_are_all_misses_and_each_counts_its_own_wait()
    {
        await using CacheInstance instance = await StartAsync();
        using MetricCollector<double> reads = Collect(instance);
        TaskCompletionSource slow = new();
        TestRow row = new() { Meanwhile = () => slow.Task };

        Task<CacheAnswer>[] readers = [.. Enumerable.Range(0, 10).Select(_ => ReadAsync(instance, row).AsTask())];
        await Eventually.HoldsAsync(() => row.Loads == 1, "the load began", Token);
        slow.SetResult();
        await Task.WhenAll(readers);

        Assert.Equal(Enumerable.Repeat("miss", 10), Outcomes(reads));
        Assert.All(reads.GetMeasurementSnapshot(), read => Assert.True(read.Value > 0));
    }

    [Fact]
    public async Task Stale_answers_and_failures_are_counted_as_such()
    {
        await using CacheInstance instance = await StartAsync();
        CachePolicy brief = Rows with { Life = TimeSpan.FromMilliseconds(20) };
        TestRow row = new(), cold = new();
        await ReadAsync(instance, row, brief);
        row.Meanwhile = cold.Meanwhile = () => throw new DatabaseUnavailableException("no", TimeSpan.FromSeconds(1));
        await Task.Delay(50, Token);
        using MetricCollector<double> reads = Collect(instance);

        await ReadAsync(instance, row, brief);
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ReadAsync(instance, cold).AsTask());

        Assert.Equal(["stale", "failed"], Outcomes(reads));
    }

    private static MetricCollector<double> Collect(CacheInstance instance) =>
        new(instance.Services.GetRequiredService<IMeterFactory>(), CacheMetrics.MeterName, CacheMetrics.ReadDuration);

    private static IEnumerable<string?> Outcomes(MetricCollector<double> reads) =>
        reads.GetMeasurementSnapshot().Select(read => (string?)read.Tags["cache.outcome"]);

    private static ValueTask<CacheAnswer> ReadAsync(CacheInstance instance, TestRow row, CachePolicy? policy = null) =>
        instance.Cache.GetAsync(policy ?? Rows, row.Id, row, static (row, _) => row.LoadAsync(), Token);

    private async Task<CacheInstance> StartAsync() =>
        await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(ShopContents.Schema), (await redis.StartedAsync()).Connection);
}
