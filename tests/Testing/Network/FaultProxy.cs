using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TByte.Functions.Testing.Network;

/// <summary>A TCP proxy on 127.0.0.1 that does to its connections what networks do.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly int _target;
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private volatile int _accepted;

    private FaultProxy(int target) => _target = target;

    public int Port { get; private set; }

    public FaultyPath ToServer { get; } = new();

    public FaultyPath ToClient { get; } = new();

    /// <summary>How many connections are open.</summary>
    public int Connections => _connections.Count;

    /// <summary>How many connections there have been.</summary>
    public int Accepted => _accepted;

    public static FaultProxy Start(int target)
    {
        var proxy = new FaultProxy(target);
        proxy.Listen();
        return proxy;
    }

    /// <summary>Resets every open connection; new ones are accepted.</summary>
    public void Cut()
    {
        foreach (ProxiedConnection connection in _connections.Keys)
            connection.Reset();
    }

    /// <summary>Refuses new connections; open ones go on.</summary>
    public async Task RefuseAsync()
    {
        _listener?.Stop();
        await _accepting;
    }

    /// <summary>Accepts connections again, on the same port, and lets everything pass at once.</summary>
    public async Task RestoreAsync()
    {
        await RefuseAsync();
        ToServer.Restore();
        ToClient.Restore();
        Listen();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await RefuseAsync();
        Cut();
        await Task.WhenAll(_connections.Values);
        _closing.Dispose();
    }

    private void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                Serve(await listener.AcceptSocketAsync(_closing.Token));
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException or OperationCanceledException)
        {
            // Stopped listening, perhaps between two connections.
        }
    }

    private void Serve(Socket client)
    {
        var connection = new ProxiedConnection(client, ToServer, ToClient);
        var done = new TaskCompletionSource();
        _connections[connection] = done.Task;
        _accepted++;
        _ = RunAsync();

        async Task RunAsync()
        {
            await connection.RunAsync(_target, _closing.Token);
            _connections.TryRemove(connection, out _);
            done.SetResult();
        }
    }
}
