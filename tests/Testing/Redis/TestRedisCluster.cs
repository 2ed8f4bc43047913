using System.Net;
using StackExchange.Redis;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Redis;

/// <summary>
/// A Redis Cluster of three masters, each with a third of the slots and no replica: what a killed node holds is gone until it runs again.
/// </summary>
public sealed class TestRedisCluster : IAsyncDisposable
{
    private const int Masters = 3;
    private const int Slots = 16_384;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tbyte-redis-cluster-");
    private readonly List<TestRedis> _nodes = [];

    private TestRedisCluster()
    {
    }

    /// <summary>Each can be stopped, killed and restarted alone.</summary>
    public IReadOnlyList<TestRedis> Nodes => _nodes;

    /// <summary>For StackExchange.Redis: all nodes.</summary>
    public string Connection => string.Join(',', _nodes.Select(node => node.Connection));

    /// <summary>Starts the nodes, and waits until each says that the cluster is well.</summary>
    public static async Task<TestRedisCluster> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = new TestRedisCluster();
        try
        {
            int[] ports = LocalPorts.FindFree(2 * Masters);
            for (int i = 0; i < Masters; i++)
            {
                string directory = cluster._directory.CreateSubdirectory($"node-{i}").FullName;
                cluster._nodes.Add(await TestRedis.StartNodeAsync(directory, ports[i], busPort: ports[Masters + i], cancellationToken));
            }
            await cluster.FormAsync(busPorts: ports[Masters..], cancellationToken);
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
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        _directory.Delete(recursive: true);
    }

    private async Task FormAsync(int[] busPorts, CancellationToken cancellationToken)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(Connection + ",allowAdmin=true");
        IServer[] servers = [.. _nodes.Select(node => connection.GetServer(IPAddress.Loopback, node.Port))];
        for (int i = 0; i < Masters; i++)
        {
            // With an epoch of its own for each they need not find out first whose word counts.
            await servers[i].ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
            await servers[i].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", i * Slots / Masters, ((i + 1) * Slots / Masters) - 1);
            if (i > 0)
                await servers[i].ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", _nodes[0].Port, busPorts[0]);
        }
        foreach (IServer server in servers)
        {
            await Eventually.HoldsAsync(
                async () => (await server.ExecuteAsync("CLUSTER", "INFO")).ToString() is { } info
                    && info.Contains("cluster_state:ok", StringComparison.Ordinal)
                    && info.Contains($"cluster_known_nodes:{Masters}", StringComparison.Ordinal),
                "the cluster is well",
                cancellationToken);
        }
    }
}
