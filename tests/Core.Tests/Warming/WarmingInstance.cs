using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Orders;
using TByte.Functions.Products;
using TByte.Functions.Redis;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

/// <summary>What an instance of the Warmup app has, or of the Api, which has the rest of it.</summary>
internal static class WarmingInstance
{
    public static Task<CacheInstance> StartAsync(string postgres, string redis, params (string Key, object Value)[] settings) =>
        CacheInstance.StartAsync(
            postgres,
            redis,
            static services => services
                .AddProducts()
                .AddOrders()
                .AddViewMover()
                .AddWarmers(static _ => 100_000)
                .AddInstanceWarmup(),
            [("Postgres:WriteBudget", "00:00:20"), .. settings]);

    public static T Get<T>(this CacheInstance instance)
        where T : notnull => instance.Services.GetRequiredService<T>();

    /// <summary>What lies in Redis of a product, however fresh.</summary>
    public static async Task<StoredEntry?> StoredAsync(this CacheInstance instance, long product)
    {
        RedisReply<StoredEntry?> reply = await instance.Redis.ReadAsync(instance.KeyOf(product));
        Assert.True(reply.Answered, "Redis did not answer");
        return reply.Value;
    }

    public static CacheKey KeyOf(this CacheInstance instance, long product) =>
        instance.Get<ProductCatalog>().Warmed.Key(ProductCatalog.Id(product));

    public static async Task FlushAsync(string redis)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis + ",allowAdmin=true");
        foreach (IServer server in connection.GetServers())
            await server.FlushAllDatabasesAsync();
    }
}
