using System.Net;
using System.Net.Sockets;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Redis;

/// <summary>A server that speaks Redis' protocol, and the faults that one can have.</summary>
public abstract class TestRedisServer : IAsyncDisposable
{
    private readonly RedisProcess _process;

    private protected TestRedisServer(RedisProcess process) => _process = process;

    public int Port => _process.Port;

    /// <summary>For StackExchange.Redis.</summary>
    public string Connection => _process.ConnectionString;

    /// <summary>Hangs it (SIGSTOP): connections stay open and get no answer.</summary>
    public void Stop() => Unix.Send(_process.ProcessId, UnixSignal.Stop);

    /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
    public void Continue() => Unix.Send(_process.ProcessId, UnixSignal.Continue);

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again on the same port, empty; ends it before if it runs.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => _process.RestartAsync(cancellationToken);

    /// <summary>Removes every key, and the scripts that it knows.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        await client.GetStream().WriteAsync("*1\r\n$8\r\nFLUSHALL\r\n*2\r\n$6\r\nSCRIPT\r\n$5\r\nFLUSH\r\n"u8.ToArray(), cancellationToken);
        using var reader = new StreamReader(client.GetStream());
        for (int answers = 0; answers < 2; answers++)
        {
            if (await reader.ReadLineAsync(cancellationToken) is not "+OK" and var answer)
                throw new InvalidOperationException($"Redis could not be flushed: {answer}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
