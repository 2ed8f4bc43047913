using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>Waits until a Redis, of whatever make, answers.</summary>
internal static class RedisReadiness
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task WaitAsync(KeptProcess process, int port, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)Limit.TotalMilliseconds;
        while (!await AnswersAsync(port, cancellationToken))
        {
            if (process.Exited.IsCompleted || Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException(
                    $"Redis did not start on port {port}:{Environment.NewLine}{string.Join(Environment.NewLine, process.Tail)}");
            }
            await Task.Delay(20, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
            await client.GetStream().WriteAsync("*1\r\n$4\r\nPING\r\n"u8.ToArray(), limit.Token);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadLineAsync(limit.Token) == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
