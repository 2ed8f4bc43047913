using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TByte.Functions.Caching;
using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>What one instance of an app has of the cache, with its background work running.</summary>
internal sealed class CacheInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private CacheInstance(ServiceProvider services) => _services = services;

    public ReadThroughCache Cache => _services.GetRequiredService<ReadThroughCache>();

    public MemoryLevel Memory => _services.GetRequiredService<MemoryLevel>();

    public RedisLevel Redis => _services.GetRequiredService<RedisLevel>();

    public RedisGate Gate => _services.GetRequiredService<RedisGate>();

    public IServiceProvider Services => _services;

    /// <param name="postgres">Connection string of a migrated database.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="settings">Further settings, such as <c>Cache:ProductLife</c>.</param>
    public static Task<CacheInstance> StartAsync(string postgres, string redis, params (string Key, object Value)[] settings) =>
        StartAsync(postgres, redis, static _ => { }, settings);

    /// <param name="postgres">Connection string of a migrated database.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="add">Adds what stands on the cache.</param>
    /// <param name="settings">Further settings, such as <c>Cache:ProductLife</c>.</param>
    public static async Task<CacheInstance> StartAsync(
        string postgres, string redis, Action<IServiceCollection> add, params (string Key, object Value)[] settings)
    {
        // These tests count loads. On a busy machine what is well may need longer than an app would wait for it.
        Dictionary<string, string?> values = new()
        {
            ["Postgres:Primary"] = postgres,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Redis:Connection"] = redis,
            ["Cache:HardTimeout"] = "00:00:30",
            ["Cache:LeaseLife"] = "00:00:25",
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddLogging();
        services.AddReadThroughCache();
        add(services);
        services.AddSingleton(new RedisOptions { Connection = redis, Budget = TimeSpan.FromSeconds(20) });
        CacheInstance instance = new(services.BuildServiceProvider());
        foreach (IHostedService service in instance._services.GetServices<IHostedService>())
            await service.StartAsync(TestContext.Current.CancellationToken);
        return instance;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
