using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;

namespace TByte.Functions.LocalHost.Tests.Servers;

public sealed class FaultProxyTests : IAsyncDisposable
{
    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private readonly FaultProxy _proxy;

    public FaultProxyTests()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = FaultProxy.Start(((IPEndPoint)_echo.LocalEndpoint).Port);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passes_bytes_and_the_end_of_them()
    {
        using TcpClient client = await ConnectAsync();
        Assert.Equal(7, await EchoedAsync(client, 7));

        NetworkStream stream = client.GetStream();
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        await Eventually.HoldsAsync(() => _proxy.Connections == 0, "the connection is forgotten", Cancellation);
    }

    [Fact]
    public async Task Cut_resets_open_connections_and_accepts_new_ones()
    {
        using TcpClient client = await ConnectAsync();
        await EchoedAsync(client, 1);

        _proxy.Cut();

        var lost = await Assert.ThrowsAsync<IOException>(() => EchoedAsync(client, 2));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(lost.InnerException).SocketErrorCode);
        using TcpClient next = await ConnectAsync();
        Assert.Equal(3, await EchoedAsync(next, 3));
    }

    [Fact]
    public async Task Refuse_turns_new_connections_away_until_it_is_restored()
    {
        using TcpClient open = await ConnectAsync();
        await EchoedAsync(open, 1);

        await _proxy.RefuseAsync();
        await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(2, await EchoedAsync(open, 2));

        await _proxy.RestoreAsync();
        using TcpClient client = await ConnectAsync();
        Assert.Equal(3, await EchoedAsync(client, 3));
    }

    [Fact]
    public async Task Delay_holds_up_one_direction()
    {
        using TcpClient client = await ConnectAsync();
        _proxy.ToClient.Delay = TimeSpan.FromMilliseconds(200);

        long started = Stopwatch.GetTimestamp();
        await EchoedAsync(client, 1);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(195), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Stall_keeps_everything_and_loses_nothing()
    {
        using TcpClient client = await ConnectAsync();
        _proxy.ToServer.Stall();

        Task<int> echoed = EchoedAsync(client, 9);
        await Task.Delay(200, Cancellation);
        Assert.False(echoed.IsCompleted);

        _proxy.ToServer.Flow();
        Assert.Equal(9, await echoed);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _echo.Dispose();
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _proxy.Port, Cancellation);
        return client;
    }

    private static async Task<int> EchoedAsync(TcpClient client, byte value)
    {
        byte[] buffer = [value];
        await client.GetStream().WriteAsync(buffer, Cancellation);
        await client.GetStream().ReadExactlyAsync(buffer, Cancellation);
        return buffer[0];
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            TcpClient client = await _echo.AcceptTcpClientAsync(CancellationToken.None);
            _ = client.GetStream().CopyToAsync(client.GetStream(), CancellationToken.None).ContinueWith(_ => client.Dispose(), TaskScheduler.Default);
        }
    }
}
