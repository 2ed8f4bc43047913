using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;

namespace TByte.Functions.Core.Tests.Postgres;

/// <summary>What one instance of an app has of the database, with its probers running.</summary>
internal sealed class DatabaseInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private DatabaseInstance(ServiceProvider services, FakeLogCollector logs)
    {
        _services = services;
        Logs = logs;
    }

    public ShopDatabase Database => _services.GetRequiredService<ShopDatabase>();

    public DatabaseServers Servers => _services.GetRequiredService<DatabaseServers>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public FakeLogCollector Logs { get; }

    /// <param name="primary">Connection string of the primary.</param>
    /// <param name="replicas">And of the replicas.</param>
    /// <param name="settings">Further settings, such as <c>Postgres:PrimaryReads</c>.</param>
    public static Task<DatabaseInstance> StartAsync(string primary, IReadOnlyList<string> replicas, params (string Key, object Value)[] settings) =>
        StartAsync(primary, replicas, static _ => { }, settings);

    /// <inheritdoc cref="StartAsync(string, IReadOnlyList{string}, ValueTuple{string, object}[])"/>
    public static async Task<DatabaseInstance> StartAsync(
        string primary, IReadOnlyList<string> replicas, Action<IServiceCollection> configure, params (string Key, object Value)[] settings)
    {
        // On a busy machine servers that are well may need longer than an app would wait for them.
        Dictionary<string, string?> values = new()
        {
            ["Postgres:Primary"] = primary,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Postgres:WriteBudget"] = "00:00:20",
            ["Postgres:StatementTimeout"] = "00:00:20",
            ["Postgres:ProbeInterval"] = "00:00:00.100",
            ["Postgres:ProbeTimeout"] = "00:00:10",
        };
        for (int i = 0; i < replicas.Count; i++)
            values[$"Postgres:Replicas:{i}"] = replicas[i];
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        FakeLogCollector logs = new();
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(logs)));
        configure(services);
        services.AddShopDatabase();
        DatabaseInstance instance = new(services.BuildServiceProvider(), logs);
        foreach (IHostedService service in instance._services.GetServices<IHostedService>())
            await service.StartAsync(TestContext.Current.CancellationToken);
        return instance;
    }

    /// <summary>Waits until every server is known: on a busy machine that may take longer than a start waits.</summary>
    public async Task<DatabaseInstance> AllUpAsync()
    {
        await Eventually.HoldsAsync(
            () => Database.Servers.All(static server => server.State == "up"), "every server is up", TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary><c>up</c>, <c>down</c> and so on, the primary first.</summary>
    public string StateOf(int server) => Database.Servers[server].State;

    /// <summary>Which server answers: its own port, whatever proxy is in front of it.</summary>
    public static async Task<int> PortAsync(NpgsqlConnection connection, int unused)
    {
        await using NpgsqlCommand command = new("select inet_server_port()", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    public Task<int> ReadPortAsync() => Database.ReadAsync(0, PortAsync, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedService service in _services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
