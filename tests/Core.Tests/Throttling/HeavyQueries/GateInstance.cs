using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling;

/// <summary>What one instance of an app has of the gate for heavy queries, with its background work running.</summary>
internal sealed class GateInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private GateInstance(ServiceProvider services) => _services = services;

    public HeavyQueryGate Gate => _services.GetRequiredService<HeavyQueryGate>();

    public ShopDatabase Database => _services.GetRequiredService<ShopDatabase>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public RedisGate Redis => _services.GetRequiredService<RedisGate>();

    /// <param name="postgres">Connection string of a database.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="settings">Further settings, such as <c>HeavyQueries:MaxRunning</c>.</param>
    public static async Task<GateInstance> StartAsync(string postgres, string redis, params (string Key, object Value)[] settings)
    {
        // These tests count. On a busy machine what is well may need longer than an app would wait for it.
        Dictionary<string, string?> values = new()
        {
            ["Postgres:Primary"] = postgres,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:01:00",
            ["Postgres:StatementTimeout"] = "00:01:00",
            ["HeavyQueries:QueueTimeout"] = "00:01:00",
            ["HeavyQueries:QueryBudget"] = "00:00:29",
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddLogging();
        services.AddReadThroughCache();
        services.AddHeavyQueries();
        services.AddSingleton(new RedisOptions { Connection = redis, Budget = TimeSpan.FromSeconds(20) });
        GateInstance instance = new(services.BuildServiceProvider());
        foreach (IHostedService service in instance._services.GetServices<IHostedService>())
            await service.StartAsync(TestContext.Current.CancellationToken);
        if (redis.Length > 0)
            await instance.Redis.WaitForFirstProbeAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return instance;
    }

    /// <summary>Passes a turnstile as a heavy query; how many were inside.</summary>
    public Task<long> PassAsync(HeavyQueryPriority priority = HeavyQueryPriority.Interactive, CancellationToken cancellationToken = default) =>
        RunAsync(Turnstile.PassSql, priority, cancellationToken);

    public Task<long> RunAsync(
        string sql, HeavyQueryPriority priority = HeavyQueryPriority.Interactive, CancellationToken cancellationToken = default) =>
        Gate.RunAsync(priority, sql, AskAsync, cancellationToken);

    /// <summary>Keeps a connection busy with what is no heavy query.</summary>
    public Task<long> KeepBusyAsync(string sql) => Database.ReadAsync(sql, AskAsync, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private static async Task<long> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync() is long value ? value : 0;
    }
}
