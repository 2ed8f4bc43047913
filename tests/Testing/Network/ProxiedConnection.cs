using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace TByte.Functions.Testing.Network;

/// <summary>A client's connection and the one to the server that it stands for.</summary>
internal sealed class ProxiedConnection(Socket client, FaultyPath toServer, FaultyPath toClient)
{
    private const int ChunkSize = 16 * 1024;
    // Bounds what a stalled path takes in, so that its sender is held up as by a real one.
    private const int ChunksInFlight = 256;

    /// <summary>Closes without lingering, which sends a reset, as a lost connection does.</summary>
    public void Reset()
    {
        try
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    /// <summary>Carries bytes both ways until both sides have ended, or the connection is reset.</summary>
    public async Task RunAsync(int target, CancellationToken cancellationToken)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, ending.Token);
            Task there = CarryAsync(client, server, toServer, ending.Token);
            Task back = CarryAsync(server, client, toClient, ending.Token);
            await await Task.WhenAny(there, back);
            await Task.WhenAll(there, back);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or ChannelClosedException)
        {
            Reset();
            server.LingerState = new LingerOption(enable: true, seconds: 0);
            await ending.CancelAsync();
        }
        finally
        {
            client.Dispose();
        }
    }

    private static async Task CarryAsync(Socket from, Socket to, FaultyPath path, CancellationToken cancellationToken)
    {
        var chunks = Channel.CreateBounded<(long Due, byte[] Bytes)>(ChunksInFlight);
        Task delivering = DeliverAsync(chunks.Reader, to, path, cancellationToken);
        byte[] buffer = new byte[ChunkSize];
        while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var read)
        {
            long due = Stopwatch.GetTimestamp() + (long)(path.Delay.TotalSeconds * Stopwatch.Frequency);
            await chunks.Writer.WriteAsync((due, buffer.AsSpan(0, read).ToArray()), cancellationToken);
        }
        chunks.Writer.Complete();
        await delivering;
    }

    private static async Task DeliverAsync(
        ChannelReader<(long Due, byte[] Bytes)> chunks, Socket to, FaultyPath path, CancellationToken cancellationToken)
    {
        await foreach ((long due, byte[] bytes) in chunks.ReadAllAsync(cancellationToken))
        {
            long now = Stopwatch.GetTimestamp();
            if (due > now)
                await Task.Delay(Stopwatch.GetElapsedTime(now, due), cancellationToken);
            await path.WhenFlowing(cancellationToken);
            for (int sent = 0; sent < bytes.Length;)
                sent += await to.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
        await path.WhenFlowing(cancellationToken);
        to.Shutdown(SocketShutdown.Send);
    }
}
