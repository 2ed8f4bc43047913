using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Storage;

/// <summary>A blob storage on a free port, empty, in memory.</summary>
public sealed class TestAzurite : IAsyncDisposable
{
    private readonly AzuriteProcess _process;

    private TestAzurite(AzuriteProcess process) => _process = process;

    /// <summary>Of a storage account.</summary>
    public string Connection => _process.ConnectionString;

    public static async Task<TestAzurite> StartAsync(CancellationToken cancellationToken) =>
        new(await AzuriteProcess.StartAsync(Repository.Find(), directory: null, port: 0, log: null, cancellationToken));

    /// <summary>Hangs it (SIGSTOP): connections stay open and get no answer.</summary>
    public void Stop() => Unix.Send(_process.ProcessId, UnixSignal.Stop);

    /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
    public void Continue() => Unix.Send(_process.ProcessId, UnixSignal.Continue);

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
