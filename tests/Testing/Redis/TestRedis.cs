using System.Globalization;
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

    public static async Task<TestRedis> StartAsync(CancellationToken cancellationToken, int port = 0)
    {
        string[] path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        if (!Array.Exists(path, directory => File.Exists(Path.Combine(directory, Program))))
        {
            throw new InvalidOperationException(
                $"These tests need {Program} on PATH: 'apt-get install redis-server', 'dnf install redis' or 'brew install redis'.");
        }
        return new TestRedis(await RedisProcess.StartAsync(Orders, port, log: null, cancellationToken));
    }

    private static KeeperOrders Orders(int port) => new(
        Program,
        ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]);
}
