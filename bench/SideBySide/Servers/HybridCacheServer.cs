using System.Globalization;
using Microsoft.Extensions.Caching.Hybrid;
using TByte.Functions.Orders;
using TByte.Functions.Products;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>What ASP.NET Core offers: HybridCache over memory and the stock Redis cache, typed objects, System.Text.Json.</summary>
internal static class HybridCacheServer
{
    /// <summary>Setting: products come from Redis every time, too.</summary>
    public const string ProductsFromRedis = "ProductsFromRedis";

    // An order is to come from Redis every time.
    private static readonly HybridCacheEntryOptions FromRedis = new()
    {
        Expiration = TimeSpan.FromHours(1),
        Flags = HybridCacheEntryFlags.DisableLocalCache,
    };

    private static readonly HybridCacheEntryOptions FromMemory = new() { Expiration = TimeSpan.FromHours(1), LocalCacheExpiration = TimeSpan.FromHours(1) };

    public static WebApplication Create(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = MinimalApi.CreateBuilder(settings);
        builder.Services.AddStackExchangeRedisCache(redis =>
        {
            redis.Configuration = settings["Redis:Connection"];
            redis.InstanceName = "hybrid:";
        });
        builder.Services.AddHybridCache();
        builder.Services.AddSingleton<OrderStore>();
        builder.Services.AddSingleton<ProductStore>();
        WebApplication app = builder.Build();
        HybridCacheEntryOptions forProducts = settings.ContainsKey(ProductsFromRedis) ? FromRedis : FromMemory;

        app.MapGet("/api/v1/orders/{id:long}", async (long id, HybridCache cache, OrderStore orders, CancellationToken cancellationToken) =>
            await cache.GetOrCreateAsync(
                string.Create(CultureInfo.InvariantCulture, $"order:{id}"),
                (orders, id),
                static async (state, _) => (await state.orders.FindAsync(state.id))?.Order,
                FromRedis,
                cancellationToken: cancellationToken) is { } order ? Results.Ok(order) : Results.NotFound());

        app.MapGet("/api/v1/products/{id:long}", async (long id, HybridCache cache, ProductStore products, CancellationToken cancellationToken) =>
            await cache.GetOrCreateAsync(
                string.Create(CultureInfo.InvariantCulture, $"product:{id}"),
                (products, id),
                static async (state, _) => await CatalogProduct.FindAsync(state.products, state.id),
                forProducts,
                cancellationToken: cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());
        return app;
    }
}
