using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests;

/// <summary>The job as the app composes it, on a table that lacks an index.</summary>
public sealed class DiagnosisJobTests(PostgresFixture postgres)
{
    private const string FillSql = """
        create extension if not exists pg_stat_statements;
        create table items (id bigint generated always as identity primary key, name text not null);
        insert into items (name) select 'item ' || i from generate_series(1, 50000) as i;
        analyze items
        """;

    private const string IndexesSql = """
        select pg_get_indexdef(indexrelid) || case when indisvalid then '' else ' (invalid)' end from pg_index
        where indrelid = 'items'::regclass and not indisprimary
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Indexes_are_only_proposed_unless_they_are_to_be_created()
    {
        TestDatabase database = await FilledAsync();
        await using ServiceProvider app = Compose(database);

        DiagnosisReport report = await RunUnderLoadAsync(app, database);

        Assert.Contains("create index concurrently", Assert.Single(Missing(report)).Remedy.Sql[0], StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync<string>(IndexesSql));
        Assert.DoesNotContain(Said(app), static line => line.StartsWith("Creating an index", StringComparison.Ordinal));
        Assert.Contains(Said(app), static line => line.Contains("missing-index items", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_index_that_is_to_be_created_is_there_after_the_run_and_missing_no_more_in_the_next()
    {
        TestDatabase database = await FilledAsync();
        await using ServiceProvider app = Compose(database, ("Maintenance:ApplyIndexes", true));

        DiagnosisReport first = await RunUnderLoadAsync(app, database);

        Finding missing = Assert.Single(Missing(first));
        string index = Assert.Single(await database.QueryAsync<string>(IndexesSql));
        Assert.EndsWith("ON public.items USING btree (name)", index, StringComparison.Ordinal);
        Assert.Contains($"Creating an index: {missing.Remedy.Sql[0]}", Said(app));
        Assert.Contains(Said(app), static line => line.StartsWith("Index items_name_", StringComparison.Ordinal) && line.EndsWith("_tb: Created", StringComparison.Ordinal));

        DiagnosisReport second = await RunUnderLoadAsync(app, database);

        Assert.Empty(Missing(second));
        Assert.Equal([index], await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task A_run_counts_from_the_last_one_on()
    {
        TestDatabase database = await FilledAsync();
        await using ServiceProvider app = Compose(database);
        DiagnosisReport first = await RunUnderLoadAsync(app, database);

        DiagnosisReport second = await RunUnderLoadAsync(app, database);

        Assert.Equal(second.At - first.At, second.Window);
        Assert.Equal([first.At, second.At], second.History.Select(static point => point.At));
    }

    [Fact]
    public async Task A_run_while_another_is_under_way_returns_at_once()
    {
        TestDatabase database = await FilledAsync();
        await using ServiceProvider app = Compose(database, ("Maintenance:Watch", "00:05:00"));
        DiagnosisJob job = app.GetRequiredService<DiagnosisJob>();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task first = job.RunAsync(isPastDue: false, end.Token);

        await job.RunAsync(isPastDue: false, Token);

        Assert.False(first.IsCompleted);
        Assert.Equal(["Another run of the diagnosis is under way"], Said(app));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        // It was let in.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.RunAsync(isPastDue: false, end.Token));
    }

    private async Task<TestDatabase> FilledAsync()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(FillSql);
        return database;
    }

    private static ServiceProvider Compose(TestDatabase database, params (string Key, object Value)[] settings)
    {
        Dictionary<string, string?> all = new()
        {
            ["Postgres:Primary"] = database.ConnectionString,
            ["Maintenance:Watch"] = "00:00:02",
        };
        foreach ((string key, object value) in settings)
            all[key] = Convert.ToString(value, CultureInfo.InvariantCulture);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return new ServiceCollection().AddSingleton(configuration).AddLogging(static logging => logging.AddFakeLogging()).AddDiagnosis().BuildServiceProvider();
    }

    private static async Task<DiagnosisReport> RunUnderLoadAsync(ServiceProvider app, TestDatabase database)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task load = AskAsync(database, ended.Token);
        await app.GetRequiredService<DiagnosisJob>().RunAsync(isPastDue: false, Token);
        await ended.CancelAsync();
        await load;
        return ReportJson.ReadReport((await app.GetRequiredService<ReportStore>().ReadLatestAsync(ReportFormat.Json, Token))!);
    }

    private static async Task AskAsync(TestDatabase database, CancellationToken ended)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync(Token);
        await using NpgsqlCommand find = new("select id from items where name = $1", connection) { Parameters = { new() { Value = "item 7" } } };
        while (!ended.IsCancellationRequested)
            Assert.Equal(7L, await find.ExecuteScalarAsync(Token));
    }

    private static IEnumerable<Finding> Missing(DiagnosisReport report) => report.Findings.Where(static finding => finding.Rule == "missing-index");

    private static IEnumerable<string> Said(ServiceProvider app) =>
        app.GetRequiredService<FakeLogCollector>().GetSnapshot().Select(static record => record.Message);
}
