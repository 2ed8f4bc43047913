using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;

namespace TByte.Functions.Orders;

/// <summary>Registers the orders.</summary>
public static class OrderServices
{
    /// <summary>Adds <see cref="OrderHistory"/>; needs <see cref="CachingServices.AddReadThroughCache"/>.</summary>
    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .AddSingleton<OrderStore>()
        .AddSingleton(provider => new OrderHistory(
            provider.GetRequiredService<OrderStore>(),
            provider.GetRequiredService<ReadThroughCache>(),
            provider.GetRequiredService<CacheOptions>()));
}
