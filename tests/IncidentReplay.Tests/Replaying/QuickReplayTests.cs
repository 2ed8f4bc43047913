using System.Diagnostics;
using System.Text.Json;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.IncidentReplay.Tests.Replaying;

/// <summary>The whole replay as <c>./dev incident --quick</c> runs it: a program of its own, which deals out the machine's processors.</summary>
public sealed class QuickReplayTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("tbyte-replay-");

    [Fact]
    public async Task The_cure_is_better_than_the_incident_in_every_measure()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The replay counts processor time in /proc.");

        (int code, string said) = await RunAsync("--quick", "--output", _output.FullName);

        Assert.True(code == IncidentCommand.Held, said);
        ReplayReport report = JsonSerializer.Deserialize<ReplayReport>(
            await File.ReadAllTextAsync(Path.Combine(_output.FullName, "report.json"), TestContext.Current.CancellationToken), JsonSerializerOptions.Web)!;
        Assert.Equal(7, report.Verdict.Count);
        Assert.True(report.Before.Load.All.HitRatio < 0.1, "The incident's state finds things in the cache.");
        Assert.Equal(
            ["before-after.svg", "histograms.hlog", "report.html", "report.json", "report.md"],
            _output.GetFiles().Select(static file => file.Name).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _output.Delete(recursive: true);

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(Repository.Find(), "bench", "IncidentReplay", "bin", "Release", "net10.0", "TByte.Functions.IncidentReplay.dll");
        using Process replay = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            Task<string> report = replay.StandardOutput.ReadToEndAsync(limit.Token);
            string progress = await replay.StandardError.ReadToEndAsync(limit.Token);
            await replay.WaitForExitAsync(limit.Token);
            return (replay.ExitCode, progress + await report);
        }
        finally
        {
            if (!replay.HasExited)
                replay.Kill(entireProcessTree: true);
        }
    }
}
