using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server that speaks Redis' protocol on 127.0.0.1, in a process of its own.</summary>
internal sealed class RedisProcess : ServerProcess
{
    private RedisProcess(KeeperOrders orders, int port, Action<string>? log)
        : base("Redis", orders, port, log)
    {
    }

    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Starts what the orders for a port say; port 0 takes any that is free.</summary>
    public static async Task<RedisProcess> StartAsync(
        Func<int, KeeperOrders> orders, int port, Action<string>? log, CancellationToken cancellationToken)
    {
        if (port == 0)
            port = LocalPorts.FindFree();
        var server = new RedisProcess(orders(port), port, log);
        await server.RestartAsync(cancellationToken);
        return server;
    }

    protected override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await client.GetStream().WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync(cancellationToken) == "+PONG";
    }
}
