using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;

namespace TByte.Functions.Products;

/// <summary>Registers the catalogue.</summary>
public static class ProductServices
{
    /// <summary>Adds <see cref="ProductCatalog"/>; needs <see cref="CachingServices.AddReadThroughCache"/>.</summary>
    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .AddSingleton<ProductStore>()
        .AddSingleton(provider => new ProductCatalog(
            provider.GetRequiredService<ProductStore>(),
            provider.GetRequiredService<ReadThroughCache>(),
            provider.GetRequiredService<CacheOptions>()));
}
