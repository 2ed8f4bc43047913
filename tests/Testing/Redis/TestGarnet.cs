using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Redis;

/// <summary>Garnet, which stands for Redis in development.</summary>
public sealed class TestGarnet : TestRedisServer
{
    private TestGarnet(RedisProcess process)
        : base(process)
    {
    }

    public static async Task<TestGarnet> StartAsync(CancellationToken cancellationToken, int port = 0) =>
        new(await RedisProcess.StartAsync(GarnetCommand.Orders, port, log: null, cancellationToken));
}
