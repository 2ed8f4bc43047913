using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TByte.Functions.Testing.Identity;

/// <summary>
/// A proxy before a Redis that does what Azure does: it cuts each connection as soon as the token that came last on it has expired, and lets
/// nobody in with one that has.
/// </summary>
public sealed class TokenGuard : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly int _target;
    private readonly TokenAuthority _authority;
    private volatile int _cuts;
    private volatile int _presented;

    private TokenGuard(int target, TokenAuthority authority)
    {
        _target = target;
        _authority = authority;
        _listener.Start();
        _ = AcceptAsync();
        _ = WatchAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut.</summary>
    public int Cuts => _cuts;

    /// <summary>How many tokens were presented, the first ones of connections included.</summary>
    public int Presented => _presented;

    /// <summary>How many connections are open.</summary>
    public int Connections => _connections.Count;

    public static TokenGuard Start(int target, TokenAuthority authority) => new(target, authority);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        foreach (Connection connection in _connections.Keys)
            connection.Dispose();
        await Task.WhenAll(_connections.Values);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Connection connection = new(await _listener.AcceptTcpClientAsync(_closing.Token), IsAdmitted);
                TaskCompletionSource done = new();
                _connections[connection] = done.Task;
                _ = RunAsync(connection, done);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
        }
    }

    private async Task RunAsync(Connection connection, TaskCompletionSource done)
    {
        await connection.RunAsync(_target);
        _connections.TryRemove(connection, out _);
        done.SetResult();
    }

    private bool IsAdmitted(string token)
    {
        Interlocked.Increment(ref _presented);
        return _authority.IsValid(token);
    }

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                foreach (Connection connection in _connections.Keys)
                {
                    if (connection.Token is { } token && !_authority.IsValid(token) && connection.Close())
                        Interlocked.Increment(ref _cuts);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private sealed class Connection(TcpClient client, Func<string, bool> isAdmitted) : IDisposable
    {
        private readonly TcpClient _server = new() { NoDelay = true };
        private readonly RespCommands _commands = new();
        private int _isClosed;

        /// <summary>The last one that was presented, and let in.</summary>
        public string? Token { get; private set; }

        /// <summary>Returns whether it was open until then.</summary>
        public bool Close()
        {
            // Before the sockets end: whoever notices that closes it, too.
            bool wasOpen = Interlocked.Exchange(ref _isClosed, 1) == 0;
            Dispose();
            return wasOpen;
        }

        public void Dispose()
        {
            client.Dispose();
            _server.Dispose();
        }

        public async Task RunAsync(int target)
        {
            try
            {
                client.NoDelay = true;
                await _server.ConnectAsync(IPAddress.Loopback, target);
                await await Task.WhenAny(
                    CarryAsync(client.GetStream(), _server.GetStream(), AreAdmitted), CarryAsync(_server.GetStream(), client.GetStream(), static _ => true));
            }
            catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
            }
            finally
            {
                Close();
            }
        }

        private static async Task CarryAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> areAdmitted)
        {
            byte[] buffer = new byte[16 * 1024];
            while (await from.ReadAsync(buffer) is > 0 and var read && areAdmitted(buffer.AsMemory(0, read)))
                await to.WriteAsync(buffer.AsMemory(0, read));
        }

        private bool AreAdmitted(ReadOnlyMemory<byte> bytes)
        {
            foreach (string[] command in _commands.Read(bytes.Span))
            {
                int auth = Array.FindIndex(command, static word => word.Equals("AUTH", StringComparison.OrdinalIgnoreCase));
                if (auth != 0 && (auth < 0 || !command[0].Equals("HELLO", StringComparison.OrdinalIgnoreCase)))
                    continue;
                if (!isAdmitted(command[^1]))
                    return false;
                Token = command[^1];
            }

            return true;
        }
    }
}
