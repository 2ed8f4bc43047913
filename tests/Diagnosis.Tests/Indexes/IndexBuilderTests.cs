using Npgsql;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

public sealed class IndexBuilderTests(PostgresFixture postgres)
{
    private const string FillSql = """
        create table items (id bigint generated always as identity primary key, name text not null);
        insert into items (name) select 'item ' || i % 1000 from generate_series(1, 20000) as i
        """;

    // Invalid ones are marked.
    private const string IndexesSql = """
        select c.relname || case when i.indisvalid then '' else ' (invalid)' end from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = 'items'::regclass and not i.indisprimary order by 1
        """;

    private const string BuildersSql =
        "select count(*) from pg_stat_activity where application_name = 'tbyte-functions-index' and datname = current_database()";

    private const string Ours = "items_name_0a1b2c_tb";

    private static readonly IndexProposal Proposal = new("items", Ours, "using btree (name)", IndexProof.Cost, [], 0.5, 0, 0, []);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Builds_while_the_table_is_read_and_written()
    {
        TestDatabase database = await FilledAsync();
        using CancellationTokenSource built = new();
        Task<int>[] clients = [.. Enumerable.Range(0, 3).Select(_ => UseAsync(database, built.Token))];
        try
        {
            Assert.Equal(new IndexBuildResult(IndexBuildOutcome.Created), await new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal, Cancellation));
        }
        finally
        {
            await built.CancelAsync();
        }

        Assert.All(await Task.WhenAll(clients), statements => Assert.NotEqual(0, statements));
        Assert.Equal([Ours], await database.QueryAsync<string>(IndexesSql));
        Assert.Equal(IndexBuildOutcome.Exists, (await new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal, Cancellation)).Outcome);
    }

    [Theory]
    [InlineData("create index \"Another\" on items (name)", "using btree (name)")]
    [InlineData("create index \"Another\" on items (lower(name) desc, id) include (name) where id is not null",
        "using btree (lower(name) desc, id) include (name) where (id is not null)")]
    public async Task Knows_the_same_index_under_another_name(string existing, string definition)
    {
        TestDatabase database = await FilledAsync();
        await database.ExecuteAsync(existing);

        IndexBuildResult result = await new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal with { Definition = definition }, Cancellation);

        Assert.Equal(IndexBuildOutcome.Exists, result.Outcome);
        Assert.Equal(["Another"], await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task What_a_build_leaves_that_the_server_killed_is_replaced_by_the_next()
    {
        TestDatabase database = await FilledAsync();
        IndexBuilder builder = new(new ServerLogin(database.ConnectionString)) { LockTimeout = TimeSpan.FromSeconds(4) };
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            Task<IndexBuildResult> killed = builder.BuildAsync(Proposal, Cancellation);
            await WaitsAsync(database);
            await database.ExecuteAsync(BuildersSql.Replace("count(*)", "pg_terminate_backend(pid)", StringComparison.Ordinal));

            Assert.Equal(IndexBuildOutcome.Failed, (await killed).Outcome);
            Assert.Equal([$"{Ours} (invalid)"], await database.QueryAsync<string>(IndexesSql));
        }

        await BuiltSoonAsync(database);
    }

    [Fact]
    public async Task What_a_build_leaves_whose_client_was_killed_is_replaced_by_the_next()
    {
        TestDatabase database = await FilledAsync();
        NpgsqlConnectionStringBuilder server = new(database.ConnectionString);
        await using FaultProxy proxy = FaultProxy.Start(server.Port);
        NpgsqlConnectionStringBuilder through = new(database.ConnectionString) { Port = proxy.Port };
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            Task<IndexBuildResult> abandoned = new IndexBuilder(new ServerLogin(through.ConnectionString)).BuildAsync(Proposal, Cancellation);
            await WaitsAsync(database);
            await proxy.RefuseAsync();
            proxy.Cut();

            Assert.Equal(IndexBuildOutcome.Failed, (await abandoned).Outcome);
            await Eventually.HoldsAsync(
                async () => (await database.QueryAsync<long>(BuildersSql))[0] == 0, "the server has seen that the client is gone", Cancellation);
            Assert.Equal([$"{Ours} (invalid)"], await database.QueryAsync<string>(IndexesSql));
        }

        await BuiltSoonAsync(database);
    }

    [Fact]
    public async Task A_cancelled_build_leaves_nothing()
    {
        TestDatabase database = await FilledAsync();
        using CancellationTokenSource cancelled = new();
        Task<IndexBuildResult> build;
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            build = new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal, cancelled.Token);
            await WaitsAsync(database);
            await cancelled.CancelAsync();
            await WaitsAsync(database, "drop index%");
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => build);
        Assert.Empty(await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task Of_two_builders_one_builds()
    {
        TestDatabase database = await FilledAsync();
        Task<IndexBuildResult> first;
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            first = new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal, Cancellation);
            await WaitsAsync(database);

            IndexBuilder second = new(new ServerLogin(database.ConnectionString));
            Assert.Equal(
                new IndexBuildResult(IndexBuildOutcome.Refused, "another index is being built"), await second.BuildAsync(Proposal, Cancellation));
            Assert.Empty(await second.SweepAsync(Cancellation));
        }

        Assert.Equal(IndexBuildOutcome.Created, (await first).Outcome);
        Assert.Equal([Ours], await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task Begins_nothing_while_an_old_transaction_is_open()
    {
        TestDatabase database = await FilledAsync();
        await using NpgsqlConnection old = await UnfinishedWriteAsync(database);

        IndexBuildResult result = await new IndexBuilder(new ServerLogin(database.ConnectionString)) { OldTransaction = TimeSpan.Zero }.BuildAsync(Proposal, Cancellation);

        Assert.Equal(IndexBuildOutcome.Refused, result.Outcome);
        Assert.Contains("a transaction has been open", result.Reason, StringComparison.Ordinal);
        Assert.Empty(await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task Removes_invalid_indexes_only_when_they_are_ours()
    {
        TestDatabase database = await FilledAsync();
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            foreach (string name in (string[])["theirs", "items_tb", Ours])
            {
                await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
                    database, "set lock_timeout = '50ms'", $"create index concurrently {name} on items (id)"));
            }
        }

        await new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal with { Name = "items_name_111111_tb" }, Cancellation);
        Assert.Equal(["items_name_111111_tb", "items_tb (invalid)", "theirs (invalid)"], await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task Sweeps_what_is_ours()
    {
        TestDatabase database = await FilledAsync();
        await using (NpgsqlConnection old = await UnfinishedWriteAsync(database))
        {
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
                database, "set lock_timeout = '50ms'", $"create index concurrently {Ours} on items (id)"));
        }

        Assert.Equal([Ours], await new IndexBuilder(new ServerLogin(database.ConnectionString)).SweepAsync(Cancellation));
        Assert.Empty(await database.QueryAsync<string>(IndexesSql));
    }

    [Fact]
    public async Task Says_why_it_failed()
    {
        TestDatabase database = await FilledAsync();

        IndexBuildResult result = await new IndexBuilder(new ServerLogin(database.ConnectionString)).BuildAsync(Proposal with { Definition = "using btree (nothing)" }, Cancellation);

        Assert.Equal(new IndexBuildResult(IndexBuildOutcome.Failed, "column \"nothing\" does not exist"), result);
    }

    private async Task<TestDatabase> FilledAsync()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(FillSql);
        return database;
    }

    // The killed server process may need a moment to let go of its lock.
    private static async Task BuiltSoonAsync(TestDatabase database)
    {
        IndexBuilder builder = new(new ServerLogin(database.ConnectionString));
        await Eventually.HoldsAsync(
            async () => (await builder.BuildAsync(Proposal, Cancellation)).Outcome == IndexBuildOutcome.Created, "the index is built", Cancellation);
        Assert.Equal([Ours], await database.QueryAsync<string>(IndexesSql));
    }

    private static async Task<NpgsqlConnection> UnfinishedWriteAsync(TestDatabase database)
    {
        NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using NpgsqlCommand begin = new("begin; insert into items (name) values ('unfinished')", connection);
        await begin.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }

    private static Task WaitsAsync(TestDatabase database, string statement = "create index%") => Eventually.HoldsAsync(
        async () => (await database.QueryAsync<long>($"{BuildersSql} and query like '{statement}' and wait_event_type = 'Lock'"))[0] == 1,
        $"'{statement}' waits",
        Cancellation);

    private static async Task ExecuteAsync(TestDatabase database, params string[] statements)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        foreach (string statement in statements)
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    // Short transactions one after the other; how many statements succeeded. Any that fails fails the test.
    private static async Task<int> UseAsync(TestDatabase database, CancellationToken built)
    {
        await using NpgsqlConnection connection = new(database.ConnectionString + ";Command Timeout=20");
        await connection.OpenAsync(Cancellation);
        int statements = 0;
        while (!built.IsCancellationRequested)
        {
            foreach (string sql in (string[])
            [
                "insert into items (name) values ('new')",
                "update items set name = name || '!' where id = (select min(id) from items)",
                "select count(*) from items where name = 'item 7'",
                "delete from items where id = (select max(id) from items)",
            ])
            {
                await using NpgsqlCommand command = new(sql, connection);
                await command.ExecuteNonQueryAsync(Cancellation);
                statements++;
            }
        }
        return statements;
    }
}
