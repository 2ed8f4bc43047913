using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

public sealed class ProductRankingTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 30, 0, TimeSpan.Zero);
    private static readonly long ThisHour = ViewLedger.HourOf(Now);

    private TestDatabase _database = null!;
    private CacheInstance _instance = null!;
    private long _sequence;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ProductRanking Ranking => _instance.Get<ProductRanking>();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        await _database.ExecuteAsync("update products set view_count = 0");
        _instance = await WarmingInstance.StartAsync(_database.ConnectionString, "");
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task Views_of_late_count_more_than_older_ones()
    {
        await ViewAsync(ThisHour - (28 * 24), (1, 15), (2, 17));
        await ViewAsync(ThisHour, (3, 1));

        // Four half-lives later 16 views are one.
        Assert.Equal([2, 3, 1], await Ranking.RecentAsync(10, Token));
        Assert.Equal([2, 3], await Ranking.RecentAsync(2, Token));
    }

    [Fact]
    public async Task Sums_as_of_different_moments_are_compared_as_of_the_same()
    {
        await ViewAsync(ThisHour - (7 * 24), (1, 10), (2, 1));
        await ViewAsync(ThisHour, (2, 4), (3, 6));

        Assert.Equal([3, 1, 2], await Ranking.RecentAsync(10, Token));
    }

    [Fact]
    public async Task Where_views_of_late_do_not_suffice_those_of_all_time_fill_up()
    {
        await _database.ExecuteAsync("update products set view_count = id where id in (5, 6, 7)");
        await ViewAsync(ThisHour, (1, 1), (5, 2));

        Assert.Equal([5, 1, 7, 6], await Ranking.RecentAsync(10, Token));
        Assert.Equal([5, 1, 7], await Ranking.RecentAsync(3, Token));
    }

    [Fact]
    public async Task The_rule_of_all_time_asks_for_more_views_than_its_threshold()
    {
        await _database.ExecuteAsync("update products set view_count = 998 + id where id <= 4");

        Assert.Equal([4, 3], await Ranking.AllTimeAsync(100, 1_000, Token));
        Assert.Equal([4], await Ranking.AllTimeAsync(1, 1_000, Token));
    }

    [Fact]
    public async Task Of_an_hour_count_the_products_that_are_usually_read_in_it()
    {
        PeakCalendar calendar = new(TimeZoneInfo.Utc);
        for (int day = 1; day <= 3; day++)
            await ViewAsync(ThisHour - (day * 24), (1, 2), (2, day == 1 ? 500 : 1));
        // Read most, but on one day; and often, but in another hour.
        await ViewAsync(ThisHour - 24, (3, 9_000));
        for (int day = 1; day <= 28; day++)
            await ViewAsync(ThisHour - (day * 24) - 1, (4, 100));

        IReadOnlyList<WeightedHour> hours = calendar.HoursLike(DateTimeOffset.UnixEpoch.AddHours(ThisHour));
        Assert.Equal([2, 1], await Ranking.InHoursAsync(10, hours, 3, Token));
        Assert.Equal([3, 2, 1], await Ranking.InHoursAsync(10, hours, 1, Token));
    }

    private async Task ViewAsync(long hour, params (long Product, long Views)[] products) => await _instance.Get<ViewLedger>().CountAsync(
        [new ViewBatch("a", ++_sequence, hour, [.. products.Select(static views => new ProductViews(views.Product, views.Views))])], Now);
}
