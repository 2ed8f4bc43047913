using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A primary and its streaming replicas. A replica that does not follow is copied from the primary anew.</summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const int KeptWalMegabytes = 1024;
    private static readonly TimeSpan FollowLimit = TimeSpan.FromSeconds(10);

    private readonly List<PostgresServer> _replicas = [];

    private PostgresCluster(PostgresServer primary) => Primary = primary;

    public PostgresServer Primary { get; }

    public IReadOnlyList<PostgresServer> Replicas => _replicas;

    public static async Task<PostgresCluster> StartAsync(
        PostgresServerOptions options, IReadOnlyList<PostgresServerOptions> replicas, CancellationToken cancellationToken)
    {
        if (replicas.Count > 0)
            options = options with { KeepWalMegabytes = KeptWalMegabytes };
        await CopyAsync(options, [.. replicas.Where(replica => !DataOf(replica).Exists)], cancellationToken);
        var cluster = new PostgresCluster(await PostgresServer.StartAsync(options, cancellationToken));
        try
        {
            List<PostgresServerOptions> lost = await cluster.StartReplicasAsync(replicas, cancellationToken);
            if (lost.Count > 0)
                await cluster.CopyAgainAsync(options, lost, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_replicas.Select(replica => replica.StopAsync()));
        await Primary.StopAsync();
    }

    private async Task CopyAgainAsync(PostgresServerOptions options, List<PostgresServerOptions> lost, CancellationToken cancellationToken)
    {
        options.Log?.Invoke($"{lost.Count} replica(s) could not follow the primary and are copied anew.");
        await Primary.StopAsync();
        await CopyAsync(options, lost, cancellationToken);
        await Primary.RestartAsync(cancellationToken);
        if (await StartReplicasAsync(lost, cancellationToken) is { Count: > 0 } still)
            throw new InvalidOperationException($"The replica in '{still[0].DataDirectory}' does not follow the primary, though it was just copied.");
    }

    /// <summary>Returns those that do not follow; they are not running.</summary>
    private async Task<List<PostgresServerOptions>> StartReplicasAsync(
        IReadOnlyList<PostgresServerOptions> replicas, CancellationToken cancellationToken)
    {
        (PostgresServerOptions Options, PostgresServer? Server)[] started = await Task.WhenAll(
            replicas.Select(async replica => (replica, await StartReplicaAsync(replica, cancellationToken))));
        _replicas.AddRange(started.Select(replica => replica.Server).OfType<PostgresServer>());
        return [.. started.Where(replica => replica.Server is null).Select(replica => replica.Options)];
    }

    private async Task<PostgresServer?> StartReplicaAsync(PostgresServerOptions options, CancellationToken cancellationToken)
    {
        PostgresServer? replica = null;
        try
        {
            replica = await PostgresServer.StartReplicaAsync(Primary, options, cancellationToken);
            long deadline = Environment.TickCount64 + (long)FollowLimit.TotalMilliseconds;
            while (Environment.TickCount64 < deadline)
            {
                if (await replica.IsStreamingAsync(cancellationToken))
                    return replica;
                await Task.Delay(50, cancellationToken);
            }
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or NpgsqlException)
        {
            options.Log?.Invoke(e.Message);
        }

        if (replica is not null)
            await replica.StopAsync();
        return null;
    }

    private static async Task CopyAsync(PostgresServerOptions primary, List<PostgresServerOptions> replicas, CancellationToken cancellationToken)
    {
        if (replicas.Count == 0)
            return;

        // A copy is taken from data that a server has shut down properly, so it may have to run once before.
        PostgresData source = DataOf(primary);
        if (!source.Exists || !source.WasShutDown)
            await (await PostgresServer.StartAsync(primary, cancellationToken)).StopAsync();
        foreach (PostgresServerOptions replica in replicas)
            DataOf(replica).CopyFrom(source, asStandby: true);
    }

    private static PostgresData DataOf(PostgresServerOptions options) => new(options.Home, options.DataDirectory);
}
