using System.Text.Json;
using TByte.Functions.IncidentReplay.Reports;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>A run in this process, without a warm-up so that what the server counts is what is counted.</summary>
internal sealed class Measurement : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tbyte-incident-");

    public string Json => Path.Combine(_directory.FullName, "report.json");

    public string Html => Path.Combine(_directory.FullName, "report.html");

    public static LoadOptions Options(Uri target) => new()
    {
        Target = target.ToString(),
        Rate = 40,
        Seconds = 2,
        // A busy machine is not what is tested.
        MaxP95 = 60_000,
        WarmUp = TimeSpan.Zero,
    };

    /// <summary>Runs it and reads what it has written as JSON.</summary>
    public async Task<(bool IsHeld, LoadReport Report, string Text)> RunAsync(LoadOptions options, CommandStop? stop = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using StringWriter text = new();
        bool isHeld = await new TargetRun(options with { JsonFile = Json }, new CommandOutput(text, TextWriter.Null), TimeProvider.System)
            .RunAsync(stop ?? new CommandStop(cancellation, cancellation));
        return (isHeld, await ReadAsync(), text.ToString());
    }

    public async Task<LoadReport> ReadAsync() => JsonSerializer.Deserialize<LoadReport>(
        await File.ReadAllTextAsync(Json, TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;

    public void Dispose() => _directory.Delete(recursive: true);
}
