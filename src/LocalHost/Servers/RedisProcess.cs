using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server that speaks Redis' protocol on 127.0.0.1, in a process of its own.</summary>
internal sealed class RedisProcess : ISupervised
{
    private readonly KeeperOrders _orders;
    private readonly Action<string>? _log;
    private KeptProcess? _process;

    private RedisProcess(KeeperOrders orders, int port, Action<string>? log)
    {
        _orders = orders;
        _log = log;
        Port = port;
    }

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public int ProcessId => Running.ProcessId;

    public Task<int> Exited => Running.Exited;

    public IReadOnlyList<string> Tail => Running.Tail;

    private KeptProcess Running => _process ?? throw new InvalidOperationException("The server is not running.");

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

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _process = await KeptProcess.StartAsync(_orders, environment: null, _log, cancellationToken);
        try
        {
            await RedisReadiness.WaitAsync(_process, Port, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public Task KillAsync() => Running.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }
}
