using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing;

namespace TByte.Functions.LocalHost.Tests.Supervision;

/// <summary><c>run</c> as a developer starts it: a process of its own, with everything it starts below it.</summary>
internal sealed class RunningSupervisor : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _reading;

    private RunningSupervisor(Process process, int port)
    {
        _process = process;
        Port = port;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Port { get; }

    public Uri Readiness => new($"http://127.0.0.1:{Port}/api/health/ready");

    public string Output => string.Join(Environment.NewLine, _lines);

    public static RunningSupervisor Start(string state, int port, string[] options, Dictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = LocalHostCommand.Create(
            ["run", "--state", state, "--port", port.ToString(CultureInfo.InvariantCulture), .. options]);
        // A shell's background job ignores Ctrl-C, and so does what it starts.
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, "--default-signal=INT");
        start.FileName = "env";
        foreach ((string name, string value) in environment ?? [])
            start.Environment[name] = value;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return new RunningSupervisor(Process.Start(start)!, port);
    }

    public async Task<RunningSupervisor> ReadyAsync(CancellationToken cancellationToken)
    {
        await Eventually.HoldsAsync(() => SaysReady() || _process.HasExited, "the supervisor is ready", cancellationToken, TimeSpan.FromSeconds(120));
        Assert.True(SaysReady(), Output);
        return this;
    }

    public Task SaysAsync(string text, CancellationToken cancellationToken) =>
        Eventually.HoldsAsync(() => Output.Contains(text, StringComparison.Ordinal), $"it says '{text}'", cancellationToken, TimeSpan.FromSeconds(60));

    /// <summary>Every process it has started, and itself.</summary>
    public IReadOnlyList<int> Processes() => ProcessTree.Of(_process.Id);

    /// <summary>The one whose command line holds a text, e.g. "app Api", and is not its keeper.</summary>
    public int ProcessOf(string text) => Assert.Single(Processes(), id => CommandLine(id) is var line
        && line.Contains(text, StringComparison.Ordinal) && !line.Contains(" keep ", StringComparison.Ordinal));

    public bool HasProcessOf(string text) => Processes().Any(id => CommandLine(id).Contains(text, StringComparison.Ordinal));

    public void Signal(UnixSignal signal) => Unix.Send(_process.Id, signal);

    /// <summary>Its exit code. When it does not end: what it has said last, and what still runs below it.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            IEnumerable<string> left = [.. _lines.TakeLast(20), .. Processes().Select(id => $"{id}: {CommandLine(id)}")];
            throw new TimeoutException($"The supervisor does not end.{Environment.NewLine}{string.Join(Environment.NewLine, left)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Signal(UnixSignal.Terminate);
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        await _reading;
        _process.Dispose();
    }

    private bool SaysReady() => Output.Contains("Ready after", StringComparison.Ordinal);

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
            _lines.Enqueue(line);
    }
}
