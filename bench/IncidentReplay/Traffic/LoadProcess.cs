using System.Diagnostics;
using System.Text.Json;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>Sends loads from a process of its own, so that what it costs to send is not part of what is measured.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;

    private LoadProcess(Process process) => _process = process;

    /// <param name="contents">What there is to read.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ReplayException">It has not started; the message says why.</exception>
    public static async Task<LoadProcess> StartAsync(LoadContents contents, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = ThisProgram.Command(LoadVerb.Name);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        LoadProcess load = new(Process.Start(start)!);
        try
        {
            await load.TellAsync(contents, cancellationToken);
            await load.ReadAsync(cancellationToken);
            return load;
        }
        catch
        {
            await load.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends requests for what does not exist.</summary>
    public async Task RehearseAsync(IReadOnlyList<Uri> origins, int requests, CancellationToken cancellationToken)
    {
        await TellAsync(new LoadPlan { Origins = origins, Rate = 1, Seconds = 1, Rehearsals = requests }, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    /// <summary>Sends a load and returns when everything that was sent has come to an end.</summary>
    /// <param name="plan">What is sent.</param>
    /// <param name="progress">Is told how it goes, in a line every few seconds.</param>
    /// <param name="cancellationToken">Ends it early; the process is then of no use any more.</param>
    /// <exception cref="ReplayException">It could not be sent; the message says why.</exception>
    public async Task<LoadReport> SendAsync(LoadPlan plan, Action<string> progress, CancellationToken cancellationToken)
    {
        await TellAsync(plan, cancellationToken);
        while (true)
        {
            LoadMessage message = await ReadAsync(cancellationToken);
            if (message.Report is { } report)
                return report;
            progress(message.Progress!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(Patience);
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

    private async Task TellAsync<T>(T message, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(message).AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
    }

    private async Task<LoadMessage> ReadAsync(CancellationToken cancellationToken)
    {
        string line = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new ReplayException("The process that sends the load has ended by itself.");
        LoadMessage message = JsonSerializer.Deserialize<LoadMessage>(line)!;
        return message.Failure is { } failure ? throw new ReplayException($"The load could not be sent: {failure}") : message;
    }
}
