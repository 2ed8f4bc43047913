using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Tests.Supervision;

/// <summary>The readme's tour, typed as it stands there by somebody who has nothing but the readme.</summary>
public sealed partial class ReadmeTourTests : IDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("tbyte-tour-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Does_what_it_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The commands are those of a shell.");
        int port = SupervisorTests.FreePorts();
        await using RunningSupervisor shop = await RunningSupervisor.Start(_state.FullName, port, ["--instances", "2"]).ReadyAsync(Cancellation);

        string[] answers = await RunAsync(port);

        // One for each curl and each diagnosis, in order.
        Assert.Equal(11, answers.Length);
        Assert.Contains("HTTP/1.1 200 OK", answers[0], StringComparison.Ordinal);
        Assert.Contains("tbyte-l1; hit", answers[1], StringComparison.Ordinal);

        const string NewPrice = "\"price\":19.90";
        Assert.DoesNotContain(NewPrice, answers[2], StringComparison.Ordinal);
        Assert.Contains(NewPrice, answers[3], StringComparison.Ordinal);
        Assert.Contains(NewPrice, answers[4], StringComparison.Ordinal);

        Assert.Contains("\"state\":\"open\"", answers[5], StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", answers[6], StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 503", answers[7], StringComparison.Ordinal);
        Assert.Contains("Retry-After", answers[7], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"forced\":false", answers[8], StringComparison.Ordinal);

        Assert.Contains("\"revenue\"", answers[9], StringComparison.Ordinal);
        Assert.Contains("count(distinct o.id)", answers[10], StringComparison.Ordinal);
    }

    public void Dispose() => _state.Delete(recursive: true);

    /// <summary>What each command that asks something has answered.</summary>
    private async Task<string[]> RunAsync(int port)
    {
        const string End = "=== end of an answer ===";
        string script = $"""
            set -eu
            dev() ( set -eu; verb=$1; shift; dotnet '{LocalHostCommand.Assembly}' "$verb" "$@" --state '{_state.FullName}' )
            asked() ( "$@"; echo; echo '{End}' )
            {Asking().Replace(Tour(port), "asked ")}
            """;
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> problems = shell.StandardError.ReadToEndAsync(Cancellation);
        string output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, output + await problems);
        return output.Split(End)[..^1];
    }

    private static string Tour(int port)
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Find(), "README.md"));
        string tour = Block().Match(readme.Split("\n## A tour\n")[1]).Groups[1].Value;
        return tour
            .Replace("./dev ", "dev ", StringComparison.Ordinal)
            .Replace(":7071", string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal)
            .Replace(":7072", string.Create(CultureInfo.InvariantCulture, $":{port + 1}"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    // Not those whose output goes into a variable.
    [GeneratedRegex(@"^(?=curl |dev diagnose)", RegexOptions.Multiline)]
    private static partial Regex Asking();
}
