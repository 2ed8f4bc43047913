using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Redis;

/// <summary>The real Redis, <c>redis-server</c> from PATH.</summary>
public sealed class TestRedis : TestRedisServer
{
    private const string Program = "redis-server";

    private TestRedis(RedisProcess process)
        : base(process)
    {
    }

    public static Task<TestRedis> StartAsync(CancellationToken cancellationToken, int port = 0) => LaunchAsync([], port, cancellationToken);

    /// <summary>A cluster of one node, which holds every slot: clients treat it as any cluster.</summary>
    public static async Task<TestRedis> StartClusterAsync(string directory, CancellationToken cancellationToken)
    {
        TestRedis redis = await LaunchAsync(["--cluster-enabled", "yes", "--dir", directory], port: 0, cancellationToken);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync($"{redis.Connection},allowAdmin=true");
        await connection.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        return redis;
    }

    /// <summary>
    /// A node that knows of no other yet. When others are down it goes on answering for its own keys, as clusters do that are set up to
    /// rather lose a part than all.
    /// </summary>
    internal static Task<TestRedis> StartNodeAsync(string directory, int port, int busPort, CancellationToken cancellationToken) => LaunchAsync(
        [
            "--cluster-enabled", "yes", "--dir", directory, "--cluster-port", busPort.ToString(CultureInfo.InvariantCulture),
            "--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no",
        ],
        port,
        cancellationToken);

    private static async Task<TestRedis> LaunchAsync(string[] further, int port, CancellationToken cancellationToken)
    {
        string[] path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (!Array.Exists(path, directory => File.Exists(Path.Combine(directory, Program))))
        {
            throw new InvalidOperationException(
                $"These tests need {Program} on PATH: 'apt-get install redis-server', 'dnf install redis' or 'brew install redis'.");
        }
        return new TestRedis(await RedisProcess.StartAsync(free => Orders(free, further), port, log: null, cancellationToken));
    }

    private static KeeperOrders Orders(int port, string[] further) => new(
        Program,
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning",
            .. further,
        ]);
}
