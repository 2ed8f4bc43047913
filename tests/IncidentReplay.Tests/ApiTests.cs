using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>Against the shop's own API.</summary>
public sealed class ApiTests(PostgresFixture postgres) : IDisposable
{
    private const int Rate = 20;
    private const int Seconds = 4;

    private readonly Measurement _measurement = new();

    [Fact]
    public async Task With_a_token_products_pages_and_orders_are_read_and_hits_are_counted()
    {
        await using LocalFunctionApp api = await StartAsync("10000000");
        string token = TestToken.WithRoles(TestToken.OrdersRead);

        Called called = await Command.RunWithTokenAsync(token, [.. Arguments(api), "--html", _measurement.Html]);

        Assert.True(called.Code == IncidentCommand.Held, called.Said);
        LoadReport report = await _measurement.ReadAsync();
        Assert.Equal((Rate * Seconds, 0, 0), (report.All.Requests, report.All.Errors, report.All.Limited));
        Assert.Equal((Rate, Rate), (report.Rate.Offered, report.Rate.Achieved));
        Assert.Equal(["product", "page of products", "order", "orders of a user"], report.Kinds.Select(static kind => kind.Kind));
        Assert.Equal(report.All.Requests, report.Kinds.Sum(static kind => kind.Requests));
        Assert.InRange(report.Kinds[0].HitRatio!.Value, 0.01, 0.99);
        Assert.DoesNotContain(report.Findings, static finding => finding.Contains("token", StringComparison.Ordinal));
        string page = await File.ReadAllTextAsync(_measurement.Html, TestContext.Current.CancellationToken);
        Assert.Contains("The objectives hold.", page, StringComparison.Ordinal);
        string json = await File.ReadAllTextAsync(_measurement.Json, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(token, called.Said + page + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_only_products_are_read_and_the_report_says_so()
    {
        await using LocalFunctionApp api = await StartAsync("10000000");

        Called called = await Command.RunAsync(Arguments(api));

        Assert.True(called.Code == IncidentCommand.Held, called.Said);
        LoadReport report = await _measurement.ReadAsync();
        Assert.Equal(["product", "page of products"], report.Kinds.Select(static kind => kind.Kind));
        Assert.Contains("Only products are read", called.Report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_the_target_does_not_accept_is_said_before_any_load()
    {
        await using LocalFunctionApp api = await StartAsync("10000000");
        string token = TestToken.Forged(1, TestToken.OrdersRead);

        Called called = await Command.RunWithTokenAsync(token, Arguments(api));

        Assert.Equal((IncidentCommand.NotRun, ""), (called.Code, called.Report));
        Assert.Contains("The target does not accept the token: status 401.", called.Progress, StringComparison.Ordinal);
        Assert.DoesNotContain(token, called.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_the_role_reads_no_orders_and_the_report_says_so()
    {
        await using LocalFunctionApp api = await StartAsync("10000000");

        Called called = await Command.RunWithTokenAsync(TestToken.WithRoles(TestToken.ReportsRead), Arguments(api));

        Assert.True(called.Code == IncidentCommand.Held, called.Said);
        Assert.Contains("No orders are read", called.Report, StringComparison.Ordinal);
        Assert.Contains("No lists of a user's orders are read", called.Report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_by_rate_limits_are_a_finding_and_no_errors()
    {
        await using LocalFunctionApp api = await StartAsync("90");

        Called called = await Command.RunAsync(Arguments(api));

        Assert.True(called.Code == IncidentCommand.NotHeld, called.Said);
        LoadReport report = await _measurement.ReadAsync();
        Assert.Equal(0, report.All.Errors);
        Assert.InRange(report.All.Limited, 1, (Rate * Seconds) - 1);
        Assert.Contains("this is no measurement of the service", called.Report, StringComparison.Ordinal);
        Assert.Equal(["p95", "errors"], report.Objectives.Where(static objective => objective.IsHeld).Select(static objective => objective.Name));
    }

    public void Dispose() => _measurement.Dispose();

    private string[] Arguments(LocalFunctionApp api) =>
        ["--target", api.Address.ToString(), "--rate", $"{Rate}", "--seconds", $"{Seconds}", "--max-p95", "60000", "--json", _measurement.Json];

    private async Task<LocalFunctionApp> StartAsync(string permits)
    {
        Dictionary<string, string?> settings = new(TestToken.Settings)
        {
            ["Postgres__Primary"] = await postgres.CreateDatabaseAsync(),
            ["Postgres__MinPoolSize"] = "1",
            ["Postgres__ReadBudget"] = "00:00:20",
            ["Cache__HardTimeout"] = "00:00:30",
            ["Cache__LeaseLife"] = "00:00:25",
            ["Redis__Connection"] = "",
            ["RateLimits__Ip__Permits"] = "10000000",
            ["RateLimits__Api__Permits"] = permits,
        };
        return await LocalFunctionApp.StartAsync(
            FunctionApps.Api, new LocalFunctionAppOptions { Settings = settings, ReadEnvironment = false }, TestContext.Current.CancellationToken);
    }
}
