using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server on a port of 127.0.0.1, in a process of its own, that is up when it answers.</summary>
internal abstract class ServerProcess(string name, KeeperOrders orders, int port, Action<string>? log) : ISupervised
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    private KeptProcess? _process;

    public int Port { get; } = port;

    public int ProcessId => Running.ProcessId;

    public Task<int> Exited => Running.Exited;

    public IReadOnlyList<string> Tail => Running.Tail;

    private KeptProcess Running => _process ?? throw new InvalidOperationException("The server is not running.");

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _process = await KeptProcess.StartAsync(orders, environment: null, log, cancellationToken);
        try
        {
            await WaitUntilAnsweredAsync(_process, cancellationToken);
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

    /// <summary>Asks it something; what goes wrong on the way means that it does not answer yet.</summary>
    protected abstract Task<bool> AnswersAsync(CancellationToken cancellationToken);

    private async Task WaitUntilAnsweredAsync(KeptProcess process, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)StartLimit.TotalMilliseconds;
        while (!await AnswersInTimeAsync(cancellationToken))
        {
            if (process.Exited.IsCompleted || Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException(
                    $"{name} did not start on port {Port}:{Environment.NewLine}{string.Join(Environment.NewLine, process.Tail)}");
            }
            await Task.Delay(20, cancellationToken);
        }
    }

    private async Task<bool> AnswersInTimeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            return await AnswersAsync(limit.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
