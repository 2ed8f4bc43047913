using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server that speaks Redis' protocol on 127.0.0.1, in a process of its own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly KeptProcess _process;

    private RedisProcess(KeptProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public int ProcessId => _process.ProcessId;

    /// <summary>Completes when the server has ended, however that came.</summary>
    public Task<int> Exited => _process.Exited;

    public IReadOnlyList<string> Tail => _process.Tail;

    /// <summary>Starts what the orders for a port say; port 0 takes any that is free.</summary>
    public static async Task<RedisProcess> StartAsync(
        Func<int, KeeperOrders> orders, int port, Action<string>? log, CancellationToken cancellationToken)
    {
        if (port == 0)
            port = LocalPorts.FindFree();
        KeptProcess process = await KeptProcess.StartAsync(orders(port), environment: null, log, cancellationToken);
        try
        {
            await RedisReadiness.WaitAsync(process, port, cancellationToken);
            return new RedisProcess(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
