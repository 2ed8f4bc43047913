using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>The diagnosis can be told from the workload, and its cost can be counted.</summary>
public sealed class OwnStatementTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_statement_of_a_run_bears_its_mark_or_sets_something_up()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        await database.ExecuteAsync("select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)");
        for (int i = 0; i < 30; i++)
            await database.ExecuteAsync($"select id from orders where status = 'x{i}'");

        DiagnosisReport report = (await new DiagnosisRun(new DiagnosisTarget(database.ConnectionString, [], Redis: null), TimeProvider.System)
            .RunAsync(memory: null, TimeSpan.Zero, TestContext.Current.CancellationToken)).Report;

        Assert.Contains(report.Queries, static query => query.Text.StartsWith("select id from orders", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Queries, static query => query.Text.Contains("tbyte", StringComparison.Ordinal));
        Assert.Empty(await database.QueryAsync<string>("""
            select query from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database())
                and query !~* 'tbyte[-_](diagnosis|advice)' and query !~* '^(set transaction|begin|start|commit|rollback|savepoint|release|discard|deallocate) ?'
                and query not like 'select id from orders%' and query not like 'select pg_stat_statements_reset%'
                and query not like '%pg_type%' and query <> 'SELECT version()' -- the client's own
            """));
    }
}
