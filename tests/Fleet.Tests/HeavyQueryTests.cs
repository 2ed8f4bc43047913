using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using StackExchange.Redis;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Reports by the dozen; PostgreSQL itself counts those inside it, and each report tells the count.</summary>
public sealed class HeavyQueryTests(PostgresFixture postgres)
{
    private static readonly (string, object) Patience = ("HeavyQueries__QueueTimeout", "00:01:00");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_200_reports_ten_are_worked_on_and_170_are_refused_at_once_while_products_are_read()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            1, database, redis.Connection, ApiFleet.Patient, Patience, ("HeavyQueries__QueryBudget", "00:00:29"));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: true);
        await turnstile.CloseAsync();

        Task<ReportAnswer>[] reports = [.. Enumerable.Range(0, 200).Select(_ => ReportAnswer.GetAsync(fleet.Instances[0].Client))];
        // Nobody has come out of the database yet: who is refused has waited for nothing.
        await Eventually.HoldsAsync(() => reports.Count(report => report.IsCompleted) == 170, "170 are refused", Token);
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 10, "ten are inside", Token);
        ProductAnswer[] products = await Task.WhenAll(Enumerable.Range(1, 100).Select(id => fleet.GetProductAsync(0, id)));
        await turnstile.OpenAsync();
        ReportAnswer[] answers = await Task.WhenAll(reports);

        Assert.All(products, product => Assert.Equal(200, product.Status));
        Assert.Equal(10, answers.Max(answer => answer.Inside));
        Assert.Equal(30, answers.Count(answer => answer.Status == 200));
        Assert.All(answers.Where(answer => answer.Status != 200), AssertRefused);
    }

    [Fact]
    public async Task Of_three_instances_no_more_reports_are_worked_on_than_the_fleet_may_have()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            3, database, redis.Connection, ApiFleet.Patient, Patience, ("HeavyQueries__FleetLimit", 7), ("HeavyQueries__QueryBudget", "00:00:29"));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: true);
        await turnstile.CloseAsync();

        Task<ReportAnswer>[] reports = [.. Enumerable.Range(0, 60).Select(i => ReportAnswer.GetAsync(fleet.Instances[i % 3].Client))];
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 7, "seven are inside", Token);
        await turnstile.OpenAsync();
        ReportAnswer[] answers = await Task.WhenAll(reports);

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(7, answers.Max(answer => answer.Inside));
        await Eventually.HoldsAsync(async () => await PermitsAsync(redis) == 0, "all permits are back", Token);
    }

    [Fact]
    public async Task The_permits_of_an_instance_that_was_killed_come_back()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        (string Key, object Value)[] settings = [Patience, ("HeavyQueries__FleetLimit", 2), ("HeavyQueries__QueryBudget", "00:00:05")];
        await using AppProcess killed = await StartProcessAsync(database, redis.Connection, settings);
        await using ApiFleet fleet = await ApiFleet.StartAsync(1, database, redis.Connection, ApiFleet.Patient, settings);
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: true);
        await turnstile.CloseAsync();
        using HttpClient client = new() { BaseAddress = killed.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestToken.WithRoles(TestToken.ReportsRead));
        Task<ReportAnswer>[] lost = [ReportAnswer.GetAsync(client), ReportAnswer.GetAsync(client)];
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 2, "two are inside", Token);

        await killed.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Task.WhenAll(lost));
        Assert.Equal(2, await PermitsAsync(redis));
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 0, "the server has noticed", Token);
        await turnstile.OpenAsync();

        ReportAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReportAnswer.GetAsync(fleet.Instances[0].Client)));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.InRange(answers.Max(answer => answer.Inside), 1, 2);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task Without_redis_each_instance_keeps_to_its_share_and_nothing_fails(string fault)
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            2, database, redis.Connection, budget: null, Patience, ("HeavyQueries__FleetLimit", 6), ("HeavyQueries__QueryBudget", "00:00:29"));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: true);
        Assert.Equal(200, (await ReportAnswer.GetAsync(fleet.Instances[0].Client)).Status);
        await turnstile.CloseAsync();

        if (fault == "killed")
            await redis.KillAsync();
        else
            redis.Stop();
        Task<ReportAnswer>[] reports = [.. Enumerable.Range(0, 32).Select(i => ReportAnswer.GetAsync(fleet.Instances[i % 2].Client))];
        // Each takes itself for the only one.
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 12, "six of each are inside", Token);
        await turnstile.OpenAsync();
        ReportAnswer[] answers = await Task.WhenAll(reports);

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        Assert.Equal(12, answers.Max(answer => answer.Inside));
        if (fault == "hung")
            redis.Continue();
    }

    private static void AssertRefused(ReportAnswer answer)
    {
        Assert.Equal((503, "urn:tbyte:problem:busy"), (answer.Status, answer.Problem));
        Assert.InRange(answer.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
    }

    private static async Task<AppProcess> StartProcessAsync(string database, string redis, params (string Key, object Value)[] settings)
    {
        Dictionary<string, string?> values = new(TestToken.Settings)
        {
            ["Postgres__Primary"] = database,
            ["Redis__Connection"] = redis,
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);
        AppProcess process = new(FunctionApps.Api, LocalPorts.FindFree(), values, static _ => { });
        await process.RestartAsync(Token);
        await process.WaitUntilReadyAsync(Token);
        return process;
    }

    private static async Task<long> PermitsAsync(TestRedis redis)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        return await connection.GetDatabase().SortedSetLengthAsync("tb:{heavy:postgres-primary}:permits");
    }

    /// <summary>What a request for a report was answered with.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Problem">The problem's type; null for a report.</param>
    /// <param name="Inside">How many reports were in the database when this one came there; 0 for none.</param>
    /// <param name="RetryAfter">When to come back.</param>
    private sealed record ReportAnswer(int Status, string? Problem, int Inside, TimeSpan? RetryAfter)
    {
        private static readonly Uri Path = new("api/v1/reports/category-sales?from=2025-01-01&to=2026-01-01", UriKind.Relative);

        public static async Task<ReportAnswer> GetAsync(HttpClient client)
        {
            using HttpResponseMessage response = await client.GetAsync(Path, Token);
            using JsonDocument json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Token));
            JsonElement root = json.RootElement;
            return response.IsSuccessStatusCode
                ? new ReportAnswer(
                    (int)response.StatusCode,
                    null,
                    int.Parse(root.GetProperty("items")[0].GetProperty("category").GetString()!, CultureInfo.InvariantCulture),
                    null)
                : new ReportAnswer((int)response.StatusCode, root.GetProperty("type").GetString(), 0, response.Headers.RetryAfter?.Delta);
        }
    }
}
