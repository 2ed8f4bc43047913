using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Core.Tests.Warming;
using TByte.Functions.Products;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

public sealed class CountedReadsTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_counts_whatever_level_answers_it_and_what_does_not_exist_never()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance first = await WarmingInstance.StartAsync(database, redis.Connection);
        await using CacheInstance second = await WarmingInstance.StartAsync(database, redis.Connection);

        Assert.Equal(CacheOutcome.Miss, await ReadAsync(first, 1));
        Assert.Equal(CacheOutcome.MemoryHit, await ReadAsync(first, 1));
        Assert.True(first.Get<ProductCatalog>().TryGet(1, out _));
        Assert.False(first.Get<ProductCatalog>().TryGet(2, out _));
        await ReadAsync(first, 999_999_999);
        await ReadAsync(first, 999_999_999);
        Assert.Equal(CacheOutcome.RedisHit, await ReadAsync(second, 1));

        Assert.Equal([new ProductViews(1, 3)], first.Get<ViewCounter>().Take());
        Assert.Equal([new ProductViews(1, 1)], second.Get<ViewCounter>().Take());
    }

    private static async Task<CacheOutcome> ReadAsync(CacheInstance instance, long product) =>
        (await instance.Get<ProductCatalog>().GetAsync(product, Token)).Outcome;
}
