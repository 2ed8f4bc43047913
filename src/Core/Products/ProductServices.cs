using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.Views;

namespace TByte.Functions.Products;

/// <summary>Registers the catalogue.</summary>
public static class ProductServices
{
    /// <summary>Adds <see cref="ProductCatalog"/>; needs <see cref="CachingServices.AddReadThroughCache"/>.</summary>
    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .AddViewCounter()
        .AddSingleton<ProductStore>()
        .AddSingleton(provider => new ProductCatalog(
            provider.GetRequiredService<ProductStore>(),
            provider.GetRequiredService<ReadThroughCache>(),
            provider.GetRequiredService<ViewCounter>(),
            provider.GetRequiredService<CacheOptions>()));
}
