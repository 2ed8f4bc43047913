using Npgsql;
using StackExchange.Redis;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Faults;

/// <summary>Instances of the Api app that count views and a Warmup app that moves them, each in a process of its own that can be killed.</summary>
internal sealed class ViewFleet : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly TestRedis _redis;
    private readonly List<AppProcess> _instances = [];
    private AppProcess? _mover;
    private ConnectionMultiplexer? _redisClient;

    private ViewFleet(TestPostgres postgres, TestRedis redis)
    {
        _postgres = postgres;
        _redis = redis;
    }

    /// <summary>The Api app's.</summary>
    public IReadOnlyList<AppProcess> Instances => _instances;

    /// <summary>The Warmup app.</summary>
    public AppProcess Mover => _mover!;

    public IDatabase Redis => _redisClient!.GetDatabase();

    /// <summary>For Npgsql.</summary>
    public string Database { get; private set; } = "";

    public static async Task<ViewFleet> StartAsync(int instances, string moveSchedule, CancellationToken cancellationToken)
    {
        ViewFleet fleet = new(await TestPostgres.StartAsync(cancellationToken), await TestRedis.StartAsync(cancellationToken));
        try
        {
            fleet.Database = await fleet._postgres.CreateDatabaseAsync(ShopContents.WholeShop, cancellationToken);
            fleet._redisClient = await ConnectionMultiplexer.ConnectAsync(fleet._redis.Connection);
            Dictionary<string, string?> settings = new(TestToken.Settings)
            {
                ["Postgres__Primary"] = fleet.Database,
                ["Redis__Connection"] = fleet._redis.Connection,
                ["RateLimits__Enabled"] = "false",
                ["MoveProductViewsSchedule"] = moveSchedule,
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
                ["Logging__LogLevel__Default"] = "Error",
            };
            int[] ports = LocalPorts.FindFree(instances + 1);
            for (int i = 0; i < instances; i++)
                fleet._instances.Add(Create(FunctionApps.Api, ports[i], settings));
            fleet._mover = Create(FunctionApps.Warmup, ports[instances], settings);
            foreach (AppProcess app in fleet._instances.Append(fleet._mover))
                await StartAgainAsync(app, cancellationToken);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an app that was killed, on the same port.</summary>
    public static async Task StartAgainAsync(AppProcess app, CancellationToken cancellationToken)
    {
        await app.RestartAsync(cancellationToken);
        await app.WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>The first column of every row is a key, the second its value.</summary>
    public async Task<Dictionary<TKey, long>> QueryAsync<TKey>(string sql, CancellationToken cancellationToken)
        where TKey : notnull
    {
        await using NpgsqlConnection connection = new(Database + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<TKey, long> found = [];
        while (await row.ReadAsync(cancellationToken))
            found.Add(row.GetFieldValue<TKey>(0), row.GetInt64(1));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (AppProcess instance in _instances)
            await instance.DisposeAsync();
        if (_mover is not null)
            await _mover.DisposeAsync();
        if (_redisClient is not null)
            await _redisClient.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private static AppProcess Create(FunctionAppDefinition app, int port, Dictionary<string, string?> settings) =>
        new(app, port, settings, line => Console.Error.WriteLine($"{app.Name}: {line}"));
}
