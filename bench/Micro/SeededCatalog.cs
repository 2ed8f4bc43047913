using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Paging;
using TByte.Functions.Products;
using TByte.Functions.Redis;

namespace TByte.Functions.Micro;

/// <summary>The Api app with one product in its memory, and neither database nor Redis behind it.</summary>
internal sealed class SeededCatalog : IAsyncDisposable
{
    public const long Product = 42;

    private readonly LocalFunctionApp _app;

    private SeededCatalog(LocalFunctionApp app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public ProductCatalog Catalog => Services.GetRequiredService<ProductCatalog>();

    /// <summary>What answers the product's route: binding, middleware, function and result, without a socket.</summary>
    public RequestDelegate GetProduct => Answering("GetProduct");

    /// <summary>The same for the route of pages.</summary>
    public RequestDelegate GetProducts => Answering("GetProducts");

    public static async Task<SeededCatalog> StartAsync()
    {
        Dictionary<string, string?> settings = new()
        {
            // Nobody listens there; nothing of what is measured asks.
            ["Postgres__Primary"] = "Host=127.0.0.1;Port=1",
            ["Postgres__MinPoolSize"] = "0",
            ["RateLimits__Ip__Permits"] = "100000000",
            ["RateLimits__Api__Permits"] = "100000000",
            ["Logging__LogLevel__Default"] = "None",
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
        };
        LocalFunctionApp app = await LocalFunctionApp.StartAsync(
            FunctionApps.Api, new LocalFunctionAppOptions { Settings = settings, ReadEnvironment = false }, CancellationToken.None);
        SeededCatalog seeded = new(app);
        seeded.Seed();
        return seeded;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Puts a page of generated products into memory: the one that is asked for with this limit alone.</summary>
    public void SeedPage(int items)
    {
        CachePolicy pages = new("product-page", TimeSpan.FromDays(1), IsVersioned: false);
        Product[] products =
        [
            .. from row in new GeneratedProducts(new GeneratorOptions { Products = items, Users = 1, Orders = 0 }).Rows
               select new Product(row.Id, row.Sku, row.Name, row.Description, row.Price, row.CategoryId, row.Available, 1, row.UpdatedAt),
        ];
        Page<Product> page = new(products, Cursor.Write(new ProductCursor(products[^1].Price, products[^1].Id)));
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(page, ProductJson.Default.PageProduct);
        Offer(pages.Key(new ProductPageQuery { Limit = items }.CacheId), new Representation(body, version: 0));
    }

    private RequestDelegate Answering(string function) => Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Single(endpoint => endpoint.DisplayName == function).RequestDelegate!;

    private void Seed() =>
        Offer(new CachePolicy("product", TimeSpan.FromDays(1), IsVersioned: true).Key("42"), new Representation(Bodies.Product, version: 7));

    private void Offer(CacheKey key, Representation representation)
    {
        long now = Services.GetRequiredService<RedisClock>().MonotonicMilliseconds + 1;
        long tomorrow = now + (long)TimeSpan.FromDays(1).TotalMilliseconds;
        CacheEntry entry = new()
        {
            Representation = representation,
            ReadAt = now,
            FreshUntil = tomorrow,
            MemoryUntil = tomorrow,
            FailSafeUntil = tomorrow,
        };
        Services.GetRequiredService<MemoryLevel>().Offer(key, entry, now);
    }
}
