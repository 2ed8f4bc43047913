using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>A run is about what happened since the last one.</summary>
public sealed class MemoryTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_ran_since_the_last_run_counts()
    {
        TestDatabase database = await StartAsync();
        await RepeatAsync(database, "select 'before' || count(*) from pg_class", 7);
        DiagnosisRun run = Run(database);
        DiagnosisMemory first = (await run.RunAsync(memory: null, TimeSpan.Zero, Token)).Memory;
        await RepeatAsync(database, "select 'since' || count(*) from pg_class where relname = 'x'", 5);

        DiagnosisResult second = await run.RunAsync(first, TimeSpan.Zero, Token);

        Assert.DoesNotContain(second.Report.Queries, static query => query.Text.Contains("$1 || count(*) from pg_class", StringComparison.Ordinal) && !query.Text.Contains("relname", StringComparison.Ordinal));
        Assert.Equal(5, Assert.Single(second.Report.Queries, static query => query.Text.Contains("relname", StringComparison.Ordinal)).Calls);
        Assert.True(second.Report.Window > TimeSpan.Zero);
        Assert.Equal(2, second.Memory.History.Count);
    }

    [Fact]
    public async Task Statistics_that_were_reset_count_from_then_on()
    {
        TestDatabase database = await StartAsync();
        const string Statement = "select count(*) from pg_class where relname = 'y'";
        await RepeatAsync(database, Statement, 7);
        DiagnosisRun run = Run(database);
        DiagnosisMemory first = (await run.RunAsync(memory: null, TimeSpan.Zero, Token)).Memory;
        await database.ExecuteAsync("select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)");
        await RepeatAsync(database, Statement, 3);

        DiagnosisResult second = await run.RunAsync(first, TimeSpan.Zero, Token);

        Assert.Equal(3, Assert.Single(second.Report.Queries, static query => query.Text.Contains("relname", StringComparison.Ordinal)).Calls);
    }

    [Theory]
    [InlineData(61)]
    [InlineData(-1)]
    public async Task A_memory_that_is_too_old_or_from_the_future_gives_its_history_only(int minutes)
    {
        TestDatabase database = await StartAsync();
        DiagnosisRun run = Run(database);
        DiagnosisMemory first = (await run.RunAsync(memory: null, TimeSpan.Zero, Token)).Memory;

        DiagnosisResult second = await run.RunAsync(first with { At = DateTimeOffset.UtcNow.AddMinutes(-minutes) }, TimeSpan.Zero, Token);

        Assert.Equal(TimeSpan.Zero, second.Report.Window);
        Assert.Equal(2, second.Report.History.Count);
    }

    [Fact]
    public void The_history_is_bounded()
    {
        DiagnosisMemory memory = new(DateTimeOffset.UtcNow, new Dictionary<string, ServerCounters>(), Redis: null, []);
        for (int i = 0; i < DiagnosisMemory.MostPoints + 10; i++)
            memory = memory.With(new HistoryPoint(DateTimeOffset.UnixEpoch.AddMinutes(i), null, null, null, null, null, 0, i));

        Assert.Equal(DiagnosisMemory.MostPoints, memory.History.Count);
        Assert.Equal(DiagnosisMemory.MostPoints + 9, memory.History[^1].Findings);
    }

    private static DiagnosisRun Run(TestDatabase database) => new(new DiagnosisTarget(database.ConnectionString, [], Redis: null), TimeProvider.System);

    private async Task<TestDatabase> StartAsync()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("create extension pg_stat_statements");
        return database;
    }

    private static async Task RepeatAsync(TestDatabase database, string sql, int times)
    {
        for (int i = 0; i < times; i++)
            await database.ExecuteAsync(sql);
    }
}
