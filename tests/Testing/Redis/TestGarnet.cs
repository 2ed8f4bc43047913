using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Redis;

/// <summary>Garnet, which stands for Redis in development.</summary>
public sealed class TestGarnet : TestRedisServer
{
    private TestGarnet()
    {
    }

    public static async Task<TestGarnet> StartAsync(CancellationToken cancellationToken, int port = 0)
    {
        var garnet = new TestGarnet();
        await garnet.LaunchAsync(port, cancellationToken);
        return garnet;
    }

    private protected override KeeperOrders Orders(int port) => GarnetCommand.Orders(port);
}
