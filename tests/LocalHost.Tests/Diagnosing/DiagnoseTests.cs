using System.Diagnostics;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.LocalHost.Diagnosing;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.LocalHost.Tests.Diagnosing;

public sealed class DiagnoseTests(PostgresFixture postgres) : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tbyte-diagnose-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Page => Path.Combine(_directory.FullName, "report.html");

    [Fact]
    public async Task Prints_a_report_and_writes_the_page()
    {
        (int code, string output, string progress) = await RunAsync("--postgres", await postgres.CreateDatabaseAsync(), "--watch", "0", "--html", Page);

        Assert.True(code == 0, progress);
        Assert.Contains("Diagnosis of ", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("Looking at 127.0.0.1:", progress, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(Page, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prints_nothing_but_json_when_asked_for_json()
    {
        (int code, string output, string progress) = await RunAsync("--postgres", await postgres.CreateDatabaseAsync(), "--watch", "1", "--json");

        Assert.True(code == 0, progress);
        DiagnosisReport report = ReportJson.ReadReport(System.Text.Encoding.UTF8.GetBytes(output));
        Assert.Equal("primary", Assert.Single(report.Servers).Role);
    }

    [Theory]
    [InlineData("--postgres", "Host=h;Password=\"S3cret")]
    [InlineData("--postgres", "Host=h", "--replica", "S3cret")]
    [InlineData("--postgres", "Host=h", "--redis", "password=S3cret")]
    [InlineData("--postgres", "Host=h", "--redis", "h,connectTimeout=S3cret")]
    [InlineData("--postgres", "Host=h", "--watch", "-1")]
    [InlineData("--postgres", "Host=h", "--watch", "3601")]
    [InlineData("--postgres", "Host=h", "--html", "/not/there/report.html")]
    public async Task Called_wrong_it_says_so_and_looks_at_nothing(params string[] arguments)
    {
        (int code, string output, string progress) = await RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.StartsWith("--", progress, StringComparison.Ordinal);
        Assert.DoesNotContain("S3cret", progress, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", progress, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("refused", 1)]
    public async Task Its_exit_code_tells_whether_the_primary_was_reached(string? problem, int expected)
    {
        DiagnosisReport report = new(
            DateTimeOffset.UnixEpoch, default, default, [], [new("postgres-primary", "primary", problem), new("postgres-replica-1", "replica", "refused")],
            [], null, [], []);
        using StringWriter output = new(), progress = new();
        DiagnoseOptions options = new() { Postgres = "postgresql://ada:S3cret@db.example/shop", Replicas = ["Host=r"], Redis = "127.0.0.1:6379", Watch = 7 };

        int code = await new Diagnose(options, new ReportOutput(output, progress, 80, Colour: true)).RunAsync(
            (target, watch, _) =>
            {
                Assert.Equal((1, "127.0.0.1:6379", TimeSpan.FromSeconds(7)), (target.Replicas.Count, target.Redis, watch));
                return Task.FromResult(report);
            },
            Cancellation);

        Assert.Equal(expected, code);
        Assert.Contains('\u001b', output.ToString());
        Assert.Equal($"Looking at db.example:5432/shop for 7 s ...{Environment.NewLine}", progress.ToString());
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task<(int Code, string Output, string Progress)> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = LocalHostCommand.Create(["diagnose", .. arguments]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation), progress = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        return (process.ExitCode, await output, await progress);
    }
}
