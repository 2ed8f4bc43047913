using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TByte.Functions.Caching;
using TByte.Functions.Orders;
using TByte.Functions.Postgres;
using TByte.Functions.Products;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;

namespace TByte.Functions.Warming;

/// <summary>Registers what fills caches before readers come.</summary>
public static class WarmingServices
{
    /// <summary>Adds <see cref="ProductWarmer"/> and <see cref="OrderListWarmer"/>; needs the cache, products, orders and <see cref="ViewServices.AddViewMover"/>.</summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="perSecond">How many entries are warmed a second, at most.</param>
    public static IServiceCollection AddWarmers(this IServiceCollection services, Func<IServiceProvider, double> perSecond)
    {
        services.TryAddSingleton<HotSet>();
        services.TryAddSingleton<RedisLevelBatches>();
        return services
            .AddSingleton<WarmingMetrics>()
            .AddSingleton(provider => WarmingPace.Of(
                perSecond(provider), provider.GetRequiredService<BreakerControl>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<CacheWarmer>()
            .AddSingleton(provider => new ProductRanking(provider.GetRequiredService<ShopDatabase>(), provider.GetRequiredService<ViewOptions>()))
            .AddSingleton(provider => new ProductWarmer(
                provider.GetRequiredService<ProductCatalog>(),
                provider.GetRequiredService<ProductRanking>(),
                provider.GetRequiredService<HotSet>(),
                provider.GetRequiredService<CacheWarmer>()))
            .AddSingleton(provider => new OrderListWarmer(
                provider.GetRequiredService<OrderHistory>(), provider.GetRequiredService<CacheWarmer>()));
    }

    /// <summary>Adds <see cref="InstanceWarmup"/>; needs the cache and products.</summary>
    public static IServiceCollection AddInstanceWarmup(this IServiceCollection services)
    {
        services.TryAddSingleton<HotSet>();
        services.TryAddSingleton<RedisLevelBatches>();
        return services.AddSingleton(provider => new InstanceWarmup(
            provider.GetRequiredService<ShopDatabase>(),
            provider.GetRequiredService<RedisGate>(),
            provider.GetRequiredService<RedisLevelBatches>(),
            provider.GetRequiredService<HotSet>(),
            provider.GetRequiredService<MemoryLevel>(),
            provider.GetRequiredService<EntryLives>(),
            provider.GetRequiredService<ProductCatalog>(),
            provider.GetRequiredService<CacheOptions>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
