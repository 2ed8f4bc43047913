using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server running under a <see cref="Keeper"/>: it ends when this process ends, however that happens.</summary>
internal sealed class KeptProcess : IAsyncDisposable
{
    private const int TailLength = 20;

    private readonly Process _keeper;
    private readonly Action<string>? _onLine;
    private readonly Queue<string> _tail = new();
    private readonly TaskCompletionSource<int> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _stopLimit;

    private KeptProcess(Process keeper, KeeperOrders orders, Action<string>? onLine)
    {
        _keeper = keeper;
        _onLine = onLine;
        _stopLimit = (orders.Patience * orders.StopWith.Count) + TimeSpan.FromSeconds(5);
        Exited = WaitForExitAsync(ReadAsync(keeper.StandardOutput), ReadAsync(keeper.StandardError));
    }

    /// <summary>The server's process id, not the keeper's.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The server's exit code, once it has ended and its output has been read.</summary>
    public Task<int> Exited { get; }

    /// <summary>The last lines it wrote.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_tail)
                return [.. _tail];
        }
    }

    public static async Task<KeptProcess> StartAsync(
        KeeperOrders orders,
        IReadOnlyDictionary<string, string?>? environment,
        Action<string>? onLine,
        CancellationToken cancellationToken)
    {
        ProcessStartInfo start = LocalHostCommand.Create(orders.ToArguments());
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        // The server's user must be able to enter it, and it must not keep a directory from being deleted.
        start.WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory)!;
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;

        var process = new KeptProcess(Process.Start(start)!, orders, onLine);
        try
        {
            process.ProcessId = await process._started.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as its orders say: asks first, then insists.</summary>
    public async Task StopAsync()
    {
        if (!_keeper.HasExited)
            Tell(input => input.Close());
        try
        {
            await Exited.WaitAsync(_stopLimit);
        }
        catch (TimeoutException)
        {
            // The keeper itself does not answer: it may be stopped (SIGSTOP).
            ProcessTree.Send(_keeper.Id, UnixSignal.Kill);
            await Exited.WaitAsync(_stopLimit);
        }
    }

    /// <summary>Ends it at once, with no chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync()
    {
        Tell(input => input.WriteLine(Keeper.KillRequest));
        await Exited.WaitAsync(_stopLimit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keeper.Dispose();
    }

    private void Tell(Action<StreamWriter> message)
    {
        try
        {
            message(_keeper.StandardInput);
            _keeper.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended meanwhile, or was told to stop before.
        }
    }

    private async Task<int> WaitForExitAsync(params Task[] reading)
    {
        await Task.WhenAll(reading);
        await _keeper.WaitForExitAsync();
        _started.TrySetException(new InvalidOperationException($"It ended with code {_keeper.ExitCode}: {string.Join(Environment.NewLine, Tail)}"));
        _ = _started.Task.Exception;
        return _keeper.ExitCode;
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Keeper.Announcement, StringComparison.Ordinal))
                _started.TrySetResult(int.Parse(line.AsSpan(Keeper.Announcement.Length), CultureInfo.InvariantCulture));
            else
                Keep(line);
        }
    }

    private void Keep(string line)
    {
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLength)
                _tail.Dequeue();
        }
        _onLine?.Invoke(line);
    }
}
