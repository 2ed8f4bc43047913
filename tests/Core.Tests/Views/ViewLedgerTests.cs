using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

/// <summary>What is counted in the database, and what is not counted again.</summary>
public sealed class ViewLedgerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 30, 0, TimeSpan.Zero);
    private static readonly long ThisHour = ViewLedger.HourOf(Now);

    private TestDatabase _database = null!;
    private CacheInstance _instance = null!;

    private ViewLedger Ledger => _instance.Services.GetRequiredService<ViewLedger>();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        await _database.ExecuteAsync("update products set view_count = 0");
        _instance = await StartAsync();
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task Views_are_counted_by_product_and_by_hour()
    {
        Assert.Equal(10, await Ledger.CountAsync([Batch("a", 1, ThisHour - 1, (1, 2), (2, 3)), Batch("a", 2, ThisHour, (1, 5))], Now));

        Assert.Equal([7L, 3L], await _database.QueryAsync<long>("select view_count from products where id in (1, 2) order by id"));
        Assert.Equal(
            ["2026-03-04 11 1 2", "2026-03-04 11 2 3", "2026-03-04 12 1 5"],
            await _database.QueryAsync<string>(
                "select to_char(hour at time zone 'UTC', 'YYYY-MM-DD HH24') || ' ' || product_id || ' ' || views from product_view_hours order by hour, product_id"));
    }

    [Fact]
    public async Task A_batch_counts_once_however_often_it_comes()
    {
        ViewBatch first = Batch("a", 1, ThisHour, (1, 1)), second = Batch("a", 2, ThisHour, (1, 10)), other = Batch("b", 1, ThisHour, (1, 100));
        Assert.Equal(1, await Ledger.CountAsync([first], Now));
        Assert.Equal(0, await Ledger.CountAsync([first], Now));
        Assert.Equal(110, await Ledger.CountAsync([first, second, other, second], Now));
        Assert.Equal(0, await Ledger.CountAsync([first, second, other], Now));

        Assert.Equal([111L], await _database.QueryAsync<long>("select view_count from products where id = 1"));
    }

    [Fact]
    public async Task Many_at_the_same_time_count_once()
    {
        ViewBatch[] batches = [.. Enumerable.Range(1, 20).Select(static sequence => Batch("a", sequence, ThisHour, (1, 1), (2, 1)))];
        for (int i = 0; i < batches.Length; i++)
        {
            ViewBatch[] pending = batches[..(i + 1)];
            await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Ledger.CountAsync(pending, Now)));
        }

        Assert.Equal([20L, 20L], await _database.QueryAsync<long>("select view_count from products where id in (1, 2) order by id"));
    }

    [Fact]
    public async Task A_view_changes_neither_version_nor_time_of_a_product()
    {
        const string Sql = "select version || ' ' || updated_at from products where id = 1";
        IReadOnlyList<string> before = await _database.QueryAsync<string>(Sql);
        await Ledger.CountAsync([Batch("a", 1, ThisHour, (1, 1))], Now);
        Assert.Equal(before, await _database.QueryAsync<string>(Sql));
    }

    [Fact]
    public async Task A_product_that_is_gone_keeps_no_other_from_being_counted()
    {
        Assert.Equal(3, await Ledger.CountAsync([Batch("a", 1, ThisHour, (999_999_999, 1), (1, 2))], Now));
        Assert.Equal([2L], await _database.QueryAsync<long>("select sum(view_count)::bigint from products"));
        Assert.Equal([1L], await _database.QueryAsync<long>("select product_id from product_view_hours"));
    }

    [Fact]
    public async Task Popularity_is_the_sum_of_views_halved_with_every_half_life_whatever_the_order_they_come_in()
    {
        // Half-lives of a week, the default.
        long weekAgo = ThisHour - (7 * 24), threeWeeksAgo = ThisHour - (21 * 24);
        await Ledger.CountAsync([Batch("a", 1, weekAgo, (1, 8), (2, 4))], Now);
        await Ledger.CountAsync([Batch("a", 2, ThisHour, (1, 1))], Now);
        await Ledger.CountAsync([Batch("a", 3, threeWeeksAgo, (1, 16), (2, 32))], Now);

        Assert.Equal([1 + 4 + 2, 4 + 8], await _database.QueryAsync<double>("select recent_views from product_popularity order by product_id"));
        Assert.Equal(
            [Now.UtcDateTime.Date.AddHours(12), Now.UtcDateTime.Date.AddHours(12).AddDays(-7)],
            await _database.QueryAsync<DateTime>("select as_of from product_popularity order by product_id"));
    }

    [Fact]
    public async Task Popularity_survives_a_pause_of_years()
    {
        await using CacheInstance hourly = await StartAsync(("Views:HalfLife", TimeSpan.FromHours(1)));
        ViewLedger ledger = hourly.Services.GetRequiredService<ViewLedger>();
        await ledger.CountAsync([Batch("a", 1, ThisHour - (5 * 365 * 24), (1, 9))], Now);
        await ledger.CountAsync([Batch("a", 2, ThisHour, (1, 3))], Now);

        Assert.Equal(3, (await _database.QueryAsync<double>("select recent_views from product_popularity")).Single(), precision: 6);
    }

    [Fact]
    public async Task Hours_are_forgotten_after_their_time_and_senders_after_theirs()
    {
        await Ledger.CountAsync([Batch("old", 1, ThisHour, (1, 1))], Now.AddDays(-40));
        await Ledger.CountAsync([Batch("young", 1, ThisHour, (1, 1))], Now.AddDays(-20));
        await Ledger.CountAsync([Batch("a", 1, ThisHour, (1, 1))], Now);

        Assert.Equal(["a", "young"], await _database.QueryAsync<string>("select sender from view_batches order by 1"));
        Assert.Equal(2, (await _database.QueryAsync<DateTime>("select hour from product_view_hours")).Count);
    }

    private Task<CacheInstance> StartAsync(params (string, object)[] settings) => CacheInstance.StartAsync(
        _database.ConnectionString, "", static services => services.AddViewMover(), [("Postgres:WriteBudget", "00:00:20"), .. settings]);

    private static ViewBatch Batch(string sender, long sequence, long hour, params (long Product, long Views)[] products) =>
        new(sender, sequence, hour, [.. products.Select(static views => new ProductViews(views.Product, views.Views))]);
}
