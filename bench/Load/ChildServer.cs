using System.Diagnostics;
using System.Text.Json;

namespace TByte.Functions.Load;

/// <summary>This program once more, in a process of its own, as one of the servers it knows; see <see cref="ServeVerb"/>.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private ChildServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What the process has used of the processors so far, in the kernel as well.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="name">The server.</param>
    /// <param name="settings">What it is told.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="said">Receives every line that it writes; standard error if not given.</param>
    public static async Task<ChildServer> StartAsync(
        string name, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken, Action<string>? said = null)
    {
        said ??= line => Console.Error.WriteLine($"{name}: {line}");
        ProcessStartInfo start = ThisProgram.Command(ServeVerb.Name, name);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process process = Process.Start(start)!;
        try
        {
            // Settings hold a password, which would be open to everyone as an argument.
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(settings).AsMemory(), cancellationToken);
            await process.StandardInput.FlushAsync(cancellationToken);
            return new ChildServer(process, await ReadAddressAsync(process, name, said, cancellationToken));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it at once (SIGKILL); what it is answering is lost.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(15));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<Uri> ReadAddressAsync(Process process, string name, Action<string> said, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(ServeVerb.Announcement, StringComparison.Ordinal))
            {
                _ = PassOnAsync(process, said);
                return new Uri(line[ServeVerb.Announcement.Length..]);
            }
        }

        throw new InvalidOperationException($"The server {name} has ended before it listened.");
    }

    // Read on, because a server that logs would block on a full pipe.
    private static async Task PassOnAsync(Process process, Action<string> said)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            said(line);
    }
}
