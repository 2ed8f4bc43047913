using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using StackExchange.Redis;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Warmup.Tests;

/// <summary>The timers as they run: what they do by which settings, and what they say of it.</summary>
public sealed class TimerTests(PostgresFixture postgres) : IAsyncLifetime
{
    // A Wednesday, ten minutes before 20:00.
    private static readonly DateTimeOffset BeforeTheHour = new(2026, 3, 4, 19, 50, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private TestRedis _redis = null!;
    private ConnectionMultiplexer _connection = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        await _database.ExecuteAsync("update products set view_count = 0");
        _redis = await TestRedis.StartAsync(Token);
        _connection = await ConnectionMultiplexer.ConnectAsync(_redis.Connection);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Views_in_the_queue_are_counted_once()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System);
        long hour = ViewLedger.HourOf(TimeProvider.System.GetUtcNow());
        await QueueAsync(new ViewBatch("a", 1, hour, [new(1, 2), new(2, 3)]), new ViewBatch("b", 1, hour, [new(1, 4)]));

        Assert.StartsWith("MoveProductViews: 9 views counted, 0 batches dropped in ", await app.RunAsync("MoveProductViews"), StringComparison.Ordinal);
        Assert.StartsWith("MoveProductViews: 0 views counted, 0 batches dropped in ", await app.RunAsync("MoveProductViews"), StringComparison.Ordinal);

        Assert.Equal([6L, 3L], await _database.QueryAsync<long>("select view_count from products where id in (1, 2) order by id"));
        Assert.Equal(0, await _connection.GetDatabase().ListLengthAsync("tb:{views}:queue"));
    }

    [Fact]
    public async Task A_long_queue_goes_in_short_transactions()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System);
        using MetricCollector<long> moved = new(app.Services.GetRequiredService<IMeterFactory>(), ViewMetrics.MeterName, "tbyte.views.moved");
        long hour = ViewLedger.HourOf(TimeProvider.System.GetUtcNow());
        ProductViews[] products = [.. Enumerable.Range(1, ViewBatch.MostProducts).Select(static id => new ProductViews(id, 1))];
        await QueueAsync([.. Enumerable.Range(1, 30).Select(sequence => new ViewBatch("a", sequence, hour, products))]);

        Assert.StartsWith("MoveProductViews: 15000 views counted, 0 batches dropped in ", await app.RunAsync("MoveProductViews"), StringComparison.Ordinal);

        Assert.Equal([5_000, 5_000, 5_000], moved.GetMeasurementSnapshot().Select(static transaction => transaction.Value));
        Assert.Equal([30L], await _database.QueryAsync<long>("select distinct view_count from products"));
    }

    [Fact]
    public async Task What_is_no_batch_or_too_old_is_dropped_and_said()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System);
        long hour = ViewLedger.HourOf(TimeProvider.System.GetUtcNow());
        await _connection.GetDatabase().ListRightPushAsync("tb:{views}:queue", "nonsense");
        await QueueAsync(new ViewBatch("a", 1, hour - (26 * 24), [new(1, 2)]), new ViewBatch("a", 2, hour, [new(1, 4)]));

        Assert.StartsWith("MoveProductViews: 4 views counted, 2 batches dropped in ", await app.RunAsync("MoveProductViews"), StringComparison.Ordinal);
        Assert.Contains(app.Logs.GetSnapshot(), static line => line.Message.StartsWith("2 views are too old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Popular_are_the_products_with_views_of_late()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System, ("Warmup:Products", 2));
        await _database.ExecuteAsync("""
            update products set view_count = 5000 where id = 9;
            insert into product_popularity values (1, 3, now()), (2, 5, now()), (3, 40, now() - interval '28 days')
            """);

        Assert.StartsWith("WarmPopularProducts: 2 warmed, 0 skipped, 0 failed in ", await app.RunAsync("WarmPopularProducts"), StringComparison.Ordinal);
        Assert.StartsWith("WarmPopularProducts: 0 warmed, 2 skipped, 0 failed in ", await app.RunAsync("WarmPopularProducts"), StringComparison.Ordinal);
        Assert.Equal([1, 2], await WarmAsync());
    }

    [Fact]
    public async Task The_rule_of_more_than_a_thousand_views_is_a_setting()
    {
        await using WarmupInstance app = await StartAsync(
            TimeProvider.System, ("Warmup:Popularity", "AllTime"), ("Warmup:MinViews", 1_000), ("Warmup:Products", 100));
        await _database.ExecuteAsync("""
            update products set view_count = 999 + id where id <= 3;
            insert into product_popularity values (9, 3, now())
            """);

        await app.RunAsync("WarmPopularProducts");
        Assert.Equal([2, 3], await WarmAsync());
    }

    [Fact]
    public async Task A_product_that_is_usually_read_in_the_hour_to_come_is_warmed_before_it()
    {
        await using WarmupInstance app = await StartAsync(At(BeforeTheHour));
        await _database.ExecuteAsync("""
            insert into product_view_hours
            select timestamptz '2026-03-04 20:00+00' - days * interval '1 day', 7, 3 from generate_series(1, 5) as days;
            insert into product_view_hours
            select timestamptz '2026-03-04 19:00+00' - days * interval '1 day', 8, 300 from generate_series(1, 28) as days;
            """);

        Assert.StartsWith("WarmAheadOfPeak: 1 warmed, 0 skipped, 0 failed in ", await app.RunAsync("WarmAheadOfPeak"), StringComparison.Ordinal);
        Assert.Equal([7], await WarmAsync());
    }

    [Theory]
    [InlineData(19, 30, true)]
    [InlineData(19, 50, false)]
    public async Task Nothing_is_warmed_far_from_an_hour_or_when_hours_are_not_to_be_learnt(int hour, int minute, bool learn)
    {
        await using WarmupInstance app = await StartAsync(
            At(new DateTimeOffset(2026, 3, 4, hour, minute, 0, TimeSpan.Zero)), ("Warmup:LearnPeaks", learn));
        await _database.ExecuteAsync(
            "insert into product_view_hours select timestamptz '2026-03-04 20:00+00' - days * interval '1 day', 7, 3 from generate_series(1, 5) as days");

        Assert.StartsWith("WarmAheadOfPeak: 0 warmed, 0 skipped, 0 failed in ", await app.RunAsync("WarmAheadOfPeak"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peak_that_is_known_is_warmed_for_by_the_shop_s_own_time()
    {
        // 20:00 in London in March is 20:00 UTC; in Berlin it is 21:00 then.
        await using WarmupInstance app = await StartAsync(
            At(BeforeTheHour),
            ("Warmup:TimeZone", "Europe/Berlin"),
            ("Warmup:PeakProducts", 2),
            ("Warmup:Peaks:0", "20:00-22:00"),
            ("Warmup:Peaks:1", "Tue,Wednesday 21:00-22:00"));
        await _database.ExecuteAsync("insert into product_popularity select id, 100 - id, now() from products where id <= 5");

        Assert.StartsWith("WarmAheadOfPeak: 2 warmed, 0 skipped, 0 failed in ", await app.RunAsync("WarmAheadOfPeak"), StringComparison.Ordinal);
        Assert.Equal([1, 2], await WarmAsync());
    }

    [Fact]
    public async Task Order_lists_of_active_users_are_warmed()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System, ("Warmup:CustomersWithin", "02:00:00"));
        await _database.ExecuteAsync("""
            insert into orders (user_id, status, total_amount, created_at) values
                (1, 'paid', 1, now() - interval '1 hour'), (2, 'paid', 1, now() - interval '3 hours')
            """);

        Assert.StartsWith("WarmRecentCustomers: 1 warmed, 0 skipped, 0 failed in ", await app.RunAsync("WarmRecentCustomers"), StringComparison.Ordinal);
        Assert.True(await _connection.GetDatabase().KeyExistsAsync("tb:{order-list:1:20::}:entry"));
    }

    [Fact]
    public async Task Every_run_has_a_span_and_is_counted()
    {
        await using WarmupInstance app = await StartAsync(TimeProvider.System, ("Warmup:Products", 3));
        List<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == WarmingMetrics.MeterName,
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        IMeterFactory meters = app.Services.GetRequiredService<IMeterFactory>();
        using MetricCollector<double> runs = new(meters, WarmingMetrics.MeterName, "tbyte.warming.run.duration");
        using MetricCollector<long> entries = new(meters, WarmingMetrics.MeterName, "tbyte.warming.entries");
        await _database.ExecuteAsync("insert into product_popularity select id, 100 - id, now() from products where id <= 5");

        await app.RunAsync("WarmPopularProducts");
        await app.RunAsync("MoveProductViews");

        Assert.Equal(["WarmPopularProducts", "MoveProductViews"], runs.GetMeasurementSnapshot().Select(static run => run.Tags["warming.job"]));
        Assert.All(runs.GetMeasurementSnapshot(), static run => Assert.Equal(true, run.Tags["warming.complete"]));
        CollectedMeasurement<long> warmed = Assert.Single(entries.GetMeasurementSnapshot());
        Assert.Equal((3, "warmed"), (warmed.Value, warmed.Tags["warming.outcome"]));
        await Eventually.HoldsAsync(
            () =>
            {
                lock (spans)
                    return spans.Any(static span => span.DisplayName == "WarmPopularProducts" && Equals(span.GetTagItem("tbyte.warming.warmed"), 3));
            },
            "the span has ended", Token);
    }

    private Task<WarmupInstance> StartAsync(TimeProvider time, params (string, object)[] settings) =>
        WarmupInstance.StartAsync(_database.ConnectionString, _redis.Connection, time, settings);

    private static SkewedTimeProvider At(DateTimeOffset now) => new() { Skew = now - TimeProvider.System.GetUtcNow() };

    private async Task QueueAsync(params ViewBatch[] batches)
    {
        foreach (ViewBatch batch in batches)
            await _connection.GetDatabase().ListRightPushAsync("tb:{views}:queue", batch.Write());
    }

    /// <summary>The products that lie in Redis.</summary>
    private async Task<List<long>> WarmAsync()
    {
        List<long> products = [];
        await foreach (RedisKey key in _connection.GetServers()[0].KeysAsync(pattern: "tb:{product:*}:entry"))
            products.Add(long.Parse(key.ToString().Split(':', '}')[2], System.Globalization.CultureInfo.InvariantCulture));
        products.Sort();
        return products;
    }
}
