using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Products;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

public sealed class ProductWarmerOnRedisTests(PostgresFixture postgres) : ProductWarmerContract(postgres)
{
    private TestRedis? _redis;

    protected override async Task<string> ServerAsync() => (_redis = await TestRedis.StartAsync(Token)).Connection;

    protected override ValueTask StopServerAsync() => _redis!.DisposeAsync();
}

public sealed class ProductWarmerOnClusterTests(PostgresFixture postgres, RedisClusterFixture cluster) : ProductWarmerContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await cluster.StartedAsync()).Connection;
}

public sealed class ProductWarmerOnGarnetTests(PostgresFixture postgres, GarnetFixture garnet) : ProductWarmerContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

/// <summary>What warming puts into Redis, and what it leaves alone.</summary>
public abstract class ProductWarmerContract(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    private TestDatabase _database = null!;
    private CacheInstance _instance = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private ProductWarmer Warmer => _instance.Get<ProductWarmer>();

    protected abstract Task<string> ServerAsync();

    protected virtual ValueTask StopServerAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        string redis = await ServerAsync();
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        // Other products than any other test has: Redis is shared, and their entries are as old as the tests.
        long first = Random.Shared.NextInt64(1, 1_000_000_000) * 1_000;
        await _database.ExecuteAsync(
            $"alter table order_items drop constraint order_items_product_id_fkey; update products set id = {first} + id, view_count = 1000 - id");
        First = first;
        _instance = await WarmingInstance.StartAsync(_database.ConnectionString, redis);
    }

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        await StopServerAsync();
        GC.SuppressFinalize(this);
    }

    private long First { get; set; }

    [Fact]
    public async Task The_most_popular_are_warmed_for_two_hours_less_the_jitter_and_not_all_for_the_same_time()
    {
        Assert.Equal(new WarmingReport(250, 0, 0), await Warmer.WarmRecentAsync(250, HalfAnHour, Token));

        List<long> lives = [];
        for (int i = 1; i <= 250; i++)
        {
            StoredEntry entry = (await _instance.StoredAsync(First + i))!;
            Assert.Equal(StoredKind.Present, entry.Kind);
            lives.Add(entry.FreshFor);
        }

        Assert.All(lives, static life => Assert.InRange(life, 108 * 60_000, 120 * 60_000));
        Assert.True(lives.Distinct().Count() > 200, "entries die together");
        Assert.Null(await _instance.StoredAsync(First + 251));
    }

    [Fact]
    public async Task What_was_warmed_answers_an_instance_without_the_database()
    {
        await Warmer.WarmRecentAsync(100, HalfAnHour, Token);
        await using CacheInstance reader = await WarmingInstance.StartAsync(_database.ConnectionString, await ReaderServerAsync());

        CacheAnswer answer = await reader.Get<ProductCatalog>().GetAsync(First + 1, Token);

        Assert.Equal(CacheOutcome.RedisHit, answer.Outcome);
        CacheAnswer loaded = await reader.Get<ProductCatalog>().GetAsync(First + 400, Token);
        Assert.Equal(CacheOutcome.Miss, loaded.Outcome);
        Assert.NotEqual(loaded.Representation!.ETag, answer.Representation!.ETag);
    }

    [Fact]
    public async Task What_is_fresh_for_long_enough_is_left_alone()
    {
        await Warmer.WarmRecentAsync(120, HalfAnHour, Token);
        StoredEntry before = (await _instance.StoredAsync(First + 1))!;

        Assert.Equal(new WarmingReport(80, 120, 0), await Warmer.WarmRecentAsync(200, HalfAnHour, Token));
        Assert.Equal(before.StoredAt, (await _instance.StoredAsync(First + 1))!.StoredAt);

        Assert.Equal(new WarmingReport(200, 0, 0), await Warmer.WarmRecentAsync(200, TimeSpan.FromHours(3), Token));
    }

    [Fact]
    public async Task An_entry_that_is_newer_than_the_row_that_was_read_stays()
    {
        CacheKey newer = _instance.KeyOf(First + 1), overwritten = _instance.KeyOf(First + 2);
        // Of an entry that is past its life only the version keeps an older row out; a tombstone is never fresh.
        await _instance.Redis.StoreWrittenAsync(newer, new Representation("{}"u8.ToArray(), version: 9), TimeSpan.FromMilliseconds(1), default);
        await _instance.Redis.FenceAsync([new Invalidation(overwritten.Name, 9)]);

        Assert.Equal(new WarmingReport(8, 1, 1), await Warmer.WarmRecentAsync(10, HalfAnHour, Token));

        Assert.Equal(9, (await _instance.StoredAsync(First + 1))!.Order);
        Assert.Equal(StoredKind.Tombstone, (await _instance.StoredAsync(First + 2))!.Kind);
    }

    [Fact]
    public async Task Two_runs_at_once_warm_the_same_as_one()
    {
        WarmingReport[] reports = await Task.WhenAll(
            Warmer.WarmRecentAsync(300, HalfAnHour, Token), Warmer.WarmRecentAsync(300, HalfAnHour, Token));

        Assert.All(reports, static report => Assert.Equal((300, 0), (report.Warmed + report.Skipped, report.Failed)));
        Assert.Equal(new WarmingReport(0, 300, 0), await Warmer.WarmRecentAsync(300, HalfAnHour, Token));
    }

    [Fact]
    public async Task A_run_that_is_cancelled_leaves_what_it_has_done_to_the_next()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Warmer.WarmRecentAsync(500, HalfAnHour, cancelled.Token));

        Assert.Equal(500, (await Warmer.WarmRecentAsync(500, HalfAnHour, Token)).Warmed);
    }

    private Task<string> ReaderServerAsync() => Task.FromResult(_instance.Get<RedisOptions>().Connection);
}
