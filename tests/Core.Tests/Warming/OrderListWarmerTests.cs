using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Orders;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

/// <summary>Whose order lists are warmed, and that they are the ones that readers get.</summary>
public sealed class OrderListWarmerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan SixHours = TimeSpan.FromHours(6);

    private TestDatabase _database = null!;
    private TestRedis _redis = null!;
    private CacheInstance _instance = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        _redis = await TestRedis.StartAsync(Token);
        _instance = await WarmingInstance.StartAsync(_database.ConnectionString, _redis.Connection, ("Cache:OrderListLife", "00:10:00"));
    }

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Those_who_have_ordered_of_late_are_warmed_the_last_one_first_and_guests_are_nobody()
    {
        await _database.ExecuteAsync("""
            insert into orders (user_id, status, total_amount, created_at) values
                (1, 'paid', 1, now() - interval '5 hours'), (2, 'paid', 1, now() - interval '7 hours'),
                (3, 'paid', 1, now() - interval '1 hour'), (null, 'paid', 1, now()), (1, 'paid', 1, now() - interval '2 hours')
            """);

        Assert.Equal([3, 1], await _instance.Get<OrderHistory>().RecentUsersAsync(SixHours, 10, Token));
        Assert.Equal([3], await _instance.Get<OrderHistory>().RecentUsersAsync(SixHours, 1, Token));
        Assert.Equal(new WarmingReport(2, 0, 0), await _instance.Get<OrderListWarmer>().WarmAsync(SixHours, 10, Token));
        Assert.Equal(new WarmingReport(0, 2, 0), await _instance.Get<OrderListWarmer>().WarmAsync(SixHours, 10, Token));
    }

    [Fact]
    public async Task A_warmed_list_is_byte_for_byte_the_one_that_a_reader_would_load()
    {
        // More than a page, exactly one, less, and of the same moment.
        await _database.ExecuteAsync("""
            delete from order_items; delete from orders;
            insert into orders (user_id, status, total_amount, created_at)
            select u, 'paid', i * 1.5, now() - i * interval '1 second'
            from (values (1, 45), (2, 20), (3, 21), (4, 1)) as c (u, n), generate_series(1, n) as i;
            insert into orders (user_id, status, total_amount, created_at) select 5, 'paid', i, now() from generate_series(1, 30) as i
            """);
        await using CacheInstance loader = await WarmingInstance.StartAsync(_database.ConnectionString, "");

        Assert.Equal(5, (await _instance.Get<OrderListWarmer>().WarmAsync(SixHours, 10, Token)).Warmed);

        for (int user = 1; user <= 5; user++)
        {
            CacheAnswer warmed = await _instance.Get<OrderHistory>().GetPageAsync(user, new OrderPageQuery(), Token);
            CacheAnswer loaded = await loader.Get<OrderHistory>().GetPageAsync(user, new OrderPageQuery(), Token);
            Assert.Equal((CacheOutcome.RedisHit, CacheOutcome.Miss), (warmed.Outcome, loaded.Outcome));
            Assert.Equal(loaded.Representation!.Body.ToArray(), warmed.Representation!.Body.ToArray());
            Assert.Equal((loaded.Representation.ETag, (long?)user), (warmed.Representation.ETag, warmed.Representation.Owner));
        }
    }

    [Fact]
    public async Task A_warmed_list_stands_in_while_the_database_is_away()
    {
        await using TestPostgres own = await TestPostgres.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(own.Port);
        string database = (await own.CreateDatabaseAsync(ShopContents.SmallShop, Token))
            .Replace($"Port={own.Port}", $"Port={proxy.Port}", StringComparison.Ordinal);
        (string, object)[] settings = [("Cache:OrderListLife", "00:00:00.010"), ("Postgres:ReadBudget", "00:00:01")];
        await using CacheInstance warmup = await WarmingInstance.StartAsync(database, _redis.Connection, settings);
        long user = (await warmup.Get<OrderHistory>().RecentUsersAsync(TimeSpan.FromDays(3_650), 1, Token)).Single();
        Assert.Equal(1, (await warmup.Get<OrderListWarmer>().WarmAsync(TimeSpan.FromDays(3_650), 1, Token)).Warmed);
        await using CacheInstance reader = await WarmingInstance.StartAsync(database, _redis.Connection, settings);
        await proxy.RefuseAsync();
        proxy.Cut();

        CacheAnswer answer = await reader.Get<OrderHistory>().GetPageAsync(user, new OrderPageQuery(), Token);

        Assert.Equal((CacheOutcome.Stale, (long?)user), (answer.Outcome, answer.Representation!.Owner));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(
            async () => await reader.Get<OrderHistory>().GetPageAsync(user == 1 ? 2 : 1, new OrderPageQuery(), Token));
    }

    [Fact]
    public async Task A_list_that_a_reader_has_loaded_since_is_not_replaced_by_an_older_one()
    {
        CacheKey key = _instance.Get<OrderHistory>().Lists.Key(OrderHistory.FirstListId(1));
        EntryToStore old = new(key, new Representation("[]"u8.ToArray(), 0, 1), _instance.Gate.Clock.NowMilliseconds * 1_000, TimeSpan.FromMinutes(1));
        await _instance.Get<OrderHistory>().GetPageAsync(1, new OrderPageQuery(), Token);
        // Two clocks, of the instance and of Redis, agree to within a few milliseconds.
        old = old with { Order = old.Order - 1_000_000 };

        StoreReply reply = (await _instance.Get<RedisLevelBatches>().StoreAsync([old])).Value.Single();

        Assert.Equal(StoredKind.Present, reply.Newer!.Kind);
    }
}
