using System.Globalization;
using TByte.Functions.Products;
using ZiggyCreatures.Caching.Fusion;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>FusionCache in memory, typed objects, System.Text.Json.</summary>
internal static class FusionCacheServer
{
    public static WebApplication Create(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = MinimalApi.CreateBuilder(settings);
        builder.Services.AddFusionCache().WithDefaultEntryOptions(options => options.Duration = TimeSpan.FromHours(1));
        builder.Services.AddSingleton<ProductStore>();
        WebApplication app = builder.Build();

        app.MapGet("/api/v1/products/{id:long}", async (long id, IFusionCache cache, ProductStore products, CancellationToken cancellationToken) =>
            await cache.GetOrSetAsync<CatalogProduct?>(
                string.Create(CultureInfo.InvariantCulture, $"product:{id}"),
                async (_, _) => await CatalogProduct.FindAsync(products, id),
                token: cancellationToken) is { } product ? Results.Ok(product) : Results.NotFound());
        return app;
    }
}
