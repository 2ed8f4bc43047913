using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TByte.Functions.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.WarmStart;

/// <summary>What all instances share.</summary>
/// <param name="Database">Connection string of a migrated database with the products of the trace.</param>
/// <param name="Redis">A server that may be flushed.</param>
internal sealed record Backends(string Database, TestRedis Redis);

/// <summary>One instance of an app in this process, with services and background work of its own.</summary>
internal sealed class AppInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _background;

    private AppInstance(ServiceProvider services)
    {
        _services = services;
        _background = [.. services.GetServices<IHostedService>()];
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="backends">What it works on.</param>
    /// <param name="add">Adds what the app has besides the cache.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<AppInstance> StartAsync(Backends backends, Action<IServiceCollection> add, CancellationToken cancellationToken)
    {
        // Hits are counted. On a busy machine what is well may need longer than an app would wait for it; and in minutes of a
        // trace of months nothing must run out.
        Dictionary<string, string?> settings = new()
        {
            ["Postgres:Primary"] = backends.Database,
            ["Postgres:MinPoolSize"] = "1",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Postgres:WriteBudget"] = "00:00:20",
            ["Cache:HardTimeout"] = "00:00:30",
            ["Cache:LeaseLife"] = "00:00:25",
            ["Cache:MemoryLife"] = "12:00:00",
            ["Cache:ProductLife"] = "12:00:00",
            ["Cache:WarmedLife"] = "12:00:00",
            ["Cache:StartTimeout"] = "00:00:30",
        };
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.AddReadThroughCache();
        add(services);
        services.AddSingleton(new RedisOptions { Connection = backends.Redis.Connection, Budget = TimeSpan.FromSeconds(20) });

        AppInstance instance = new(services.BuildServiceProvider());
        try
        {
            foreach (IHostedService service in instance._background)
                await service.StartAsync(cancellationToken);
            await instance.Get<RedisGate>().WaitForFirstProbeAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in _background.Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
