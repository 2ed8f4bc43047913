using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Products;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

/// <summary>What a new instance has before its first reader comes.</summary>
public sealed class InstanceWarmupTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TestRedis _redis = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        _redis = await TestRedis.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task It_has_the_hot_products_in_memory_and_the_pool_s_minimum_open()
    {
        IReadOnlyList<long> hot;
        await using (CacheInstance warmup = await WarmingInstance.StartAsync(_database.ConnectionString, _redis.Connection))
        {
            await warmup.Get<ProductWarmer>().WarmRecentAsync(150, TimeSpan.FromMinutes(30), Token);
            hot = await warmup.Get<HotSet>().ReadAsync(150);
        }

        await using CacheInstance instance = await StartColdAsync(("Postgres:MinPoolSize", 7));
        Assert.Equal(new InstanceReadiness(7, 150), await instance.Get<InstanceWarmup>().RunAsync(Token));

        foreach (long product in hot)
            Assert.True(instance.Get<ProductCatalog>().TryGet(product, out CacheAnswer answer) && answer.Outcome == CacheOutcome.MemoryHit);
        Assert.Equal(150, hot.Count);
        // Background work may have one of its own.
        Assert.InRange(
            (await _database.QueryAsync<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'tbyte-functions'")).Single(),
            7, 9);
    }

    [Fact]
    public async Task It_takes_no_more_than_half_of_its_memory_for_them()
    {
        await using CacheInstance warmup = await WarmingInstance.StartAsync(_database.ConnectionString, _redis.Connection);
        await warmup.Get<ProductWarmer>().WarmRecentAsync(150, TimeSpan.FromMinutes(30), Token);
        await using CacheInstance instance = await StartColdAsync(("Cache:MemoryEntries", 100));

        Assert.Equal(50, (await instance.Get<InstanceWarmup>().RunAsync(Token)).Entries);
    }

    [Fact]
    public async Task What_is_hot_and_has_gone_from_redis_is_left_out()
    {
        await using CacheInstance warmup = await WarmingInstance.StartAsync(_database.ConnectionString, _redis.Connection);
        await warmup.Get<ProductWarmer>().WarmRecentAsync(3, TimeSpan.FromMinutes(30), Token);
        IReadOnlyList<long> hot = await warmup.Get<HotSet>().ReadAsync(3);
        await warmup.Redis.FenceAsync([new Invalidation(warmup.KeyOf(hot[0]).Name, 99)]);
        await using CacheInstance instance = await StartColdAsync();

        Assert.Equal(2, (await instance.Get<InstanceWarmup>().RunAsync(Token)).Entries);
        Assert.False(instance.Get<ProductCatalog>().TryGet(hot[0], out _));
    }

    [Fact]
    public async Task With_nothing_warmed_there_is_nothing_to_take()
    {
        await using CacheInstance instance = await StartColdAsync();
        Assert.Equal(new InstanceReadiness(0, 0), await instance.Get<InstanceWarmup>().RunAsync(Token));
    }

    [Fact]
    public async Task A_hung_redis_holds_it_up_for_a_bounded_time()
    {
        await using CacheInstance instance = await StartColdAsync(("Cache:StartTimeout", "00:00:01"), ("Postgres:MinPoolSize", 3));
        _redis.Stop();
        try
        {
            Task<InstanceReadiness> ready = instance.Get<InstanceWarmup>().RunAsync(Token);
            Assert.Equal(new InstanceReadiness(3, 0), await ready.WaitAsync(TimeSpan.FromSeconds(20), Token));
        }
        finally
        {
            _redis.Continue();
        }
    }

    [Fact]
    public async Task A_hung_database_holds_it_up_for_a_bounded_time()
    {
        await using TestPostgres own = await TestPostgres.StartAsync(Token);
        string database = await own.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using CacheInstance instance = await WarmingInstance.StartAsync(
            database, _redis.Connection, ("Cache:StartTimeout", "00:00:01"), ("Postgres:MinPoolSize", 3));
        own.Stop();
        try
        {
            InstanceReadiness ready = await instance.Get<InstanceWarmup>().RunAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
            Assert.InRange(ready.Connections, 0, 2);
        }
        finally
        {
            own.Continue();
        }
    }

    private Task<CacheInstance> StartColdAsync(params (string, object)[] settings) =>
        WarmingInstance.StartAsync(_database.ConnectionString, _redis.Connection, settings);
}
