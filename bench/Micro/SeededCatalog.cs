using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.LocalHost.Hosting;
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
    public RequestDelegate GetProduct => Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Single(endpoint => endpoint.DisplayName == "GetProduct").RequestDelegate!;

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

    private void Seed()
    {
        CachePolicy policy = new("product", TimeSpan.FromDays(1), IsVersioned: true);
        long now = Services.GetRequiredService<RedisClock>().MonotonicMilliseconds + 1;
        long tomorrow = now + (long)TimeSpan.FromDays(1).TotalMilliseconds;
        CacheEntry entry = new()
        {
            Representation = new Representation(Bodies.Product, version: 7),
            ReadAt = now,
            FreshUntil = tomorrow,
            MemoryUntil = tomorrow,
            FailSafeUntil = tomorrow,
        };
        Services.GetRequiredService<MemoryLevel>().Offer(policy.Key("42"), entry, now);
    }
}
