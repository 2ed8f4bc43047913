using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>The PostgreSQL, the Redis and the blob storage that the apps use: started here, or the caller's own.</summary>
internal sealed class Backing : IAsyncDisposable
{
    // What one instance may open (its pool), and what people and the seeder need besides.
    private const int ConnectionsOfApp = 50;
    private const int ConnectionsOfOthers = 50;

    private readonly PostgresCluster? _postgres;
    private readonly RedisProcess? _redis;
    private readonly AzuriteProcess? _reports;

    private Backing(PostgresCluster? postgres, RedisProcess? redis, AzuriteProcess? reports, RunOptions options)
    {
        _postgres = postgres;
        _redis = redis;
        _reports = reports;
        Postgres = postgres?.Primary.ConnectionString ?? options.Postgres!;
        Redis = redis?.ConnectionString ?? options.Redis!;
    }

    public string Postgres { get; }

    public string Redis { get; }

    /// <summary>The blob storage for reports; null when none was started here.</summary>
    public string? Reports => _reports?.ConnectionString;

    public IReadOnlyList<string> Replicas => [.. _postgres?.Replicas.Select(replica => replica.ConnectionString) ?? []];

    /// <summary>What was started here, to be watched.</summary>
    public IReadOnlyList<(string Name, ISupervised Process)> Processes =>
    [
        .. _postgres is null ? [] : new (string, ISupervised)[] { (ServerName(0), _postgres.Primary) },
        .. _postgres?.Replicas.Select((replica, i) => (ServerName(i + 1), (ISupervised)replica)) ?? [],
        .. _redis is null ? [] : new (string, ISupervised)[] { ("redis", _redis) },
        .. _reports is null ? [] : new (string, ISupervised)[] { (ReportStorage.Name, _reports) },
    ];

    public static async Task<Backing> StartAsync(RunOptions options, LocalState state, Terminal terminal, CancellationToken cancellationToken)
    {
        // Ports first, one after the other: all are remembered in one file.
        int[] postgresPorts = options.Postgres is null
            ? [.. Enumerable.Range(0, options.Replicas + 1).Select(i => state.PortOf(ServerName(i)))]
            : [];
        int redisPort = options.Redis is null ? state.PortOf("redis") : 0;
        int reportsPort = state.PortOf(ReportStorage.Name);

        Task<PostgresCluster?> postgres = StartPostgresAsync(options, postgresPorts, state, terminal, cancellationToken);
        Task<RedisProcess?> redis = StartRedisAsync(options, redisPort, terminal, cancellationToken);
        Task<AzuriteProcess?> reports = ReportStorage.StartAsync(reportsPort, state, terminal, cancellationToken);
        try
        {
            await Task.WhenAll(postgres, redis, reports);
            return new Backing(await postgres, await redis, await reports, options);
        }
        catch
        {
            if (postgres.IsCompletedSuccessfully && await postgres is { } cluster)
                await cluster.DisposeAsync();
            if (redis.IsCompletedSuccessfully && await redis is { } server)
                await server.DisposeAsync();
            if (reports.IsCompletedSuccessfully && await reports is { } storage)
                await storage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(
        _redis?.DisposeAsync().AsTask() ?? Task.CompletedTask,
        _reports?.DisposeAsync().AsTask() ?? Task.CompletedTask,
        _postgres?.DisposeAsync().AsTask() ?? Task.CompletedTask);

    private static async Task<PostgresCluster?> StartPostgresAsync(
        RunOptions options, int[] ports, LocalState state, Terminal terminal, CancellationToken cancellationToken)
    {
        if (options.Postgres is not null)
            return null;

        PostgresHome home = await PostgresHome.PrepareAsync(Repository.Find(), state.Directory, cancellationToken);
        PostgresServerOptions[] servers = [.. ports.Select((port, i) => new PostgresServerOptions(home, Path.Combine(home.Directory, ServerName(i)))
        {
            Port = port,
            MaxConnections = ((options.Instances + 2) * ConnectionsOfApp) + ConnectionsOfOthers,
            Log = terminal.OfPostgres(ServerName(i)),
        })];
        return await PostgresCluster.StartAsync(servers[0], servers[1..], cancellationToken);
    }

    /// <summary>The primary is number 0.</summary>
    private static string ServerName(int number) => number == 0 ? "postgres" : string.Create(CultureInfo.InvariantCulture, $"replica-{number}");

    private static async Task<RedisProcess?> StartRedisAsync(RunOptions options, int port, Terminal terminal, CancellationToken cancellationToken) =>
        options.Redis is null ? await RedisProcess.StartAsync(GarnetCommand.Orders, port, terminal.Of("redis"), cancellationToken) : null;
}
