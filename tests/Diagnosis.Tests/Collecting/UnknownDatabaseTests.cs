using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>Databases that nobody prepared for being diagnosed.</summary>
public sealed class UnknownDatabaseTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_database_holds_it_is_diagnosed()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("""
            create extension pg_stat_statements;
            create schema "odd Schema";
            create table "odd Schema"."Weird ""Table" ("größe" int primary key, "select" text, "a b" timestamptz default now());
            insert into "odd Schema"."Weird ""Table" select i, 'x' || i from generate_series(1, 5000) i;
            create index "Lower Index" on "odd Schema"."Weird ""Table" (lower("select"), "größe" desc) include ("a b") where "größe" > 5;
            create index on "odd Schema"."Weird ""Table" using hash ("select");
            create index on "odd Schema"."Weird ""Table" using brin ("a b");
            create table parts (id bigint, at date, primary key (id, at)) partition by range (at);
            create table parts_1 partition of parts for values from ('2026-01-01') to ('2026-02-01');
            create table parts_2 partition of parts default;
            create index on parts (at);
            insert into parts select i, date '2026-01-01' + i % 60 from generate_series(1, 5000) i;
            create view seen as select lower("select") as s, count(*) from "odd Schema"."Weird ""Table" group by 1;
            create materialized view kept as select * from seen; create unique index on kept (s);
            create unlogged table scratch (j jsonb); create index on scratch using gin (j);
            create table parent (id int); create table child (note text) inherits (parent);
            """);
        await database.ExecuteAsync("""create temporary table gone (id int); select count(*) from seen; select * from parts where at = '2026-01-05' limit 3""");
        for (int i = 0; i < 30; i++)
            await database.ExecuteAsync("""select * from "odd Schema"."Weird ""Table" where "select" = 'x17'""");

        DiagnosisReport report = await DiagnoseAsync(database.ConnectionString);

        Assert.Null(report.Servers[0].Problem);
        Assert.Contains(report.Queries, static query => query.Text.Contains("odd Schema", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Queries, static query => query.Text.Contains(ServerConnection.Mark, StringComparison.Ordinal));
        Assert.Empty(report.NotSeen);
        Assert.DoesNotContain(report.Findings, static finding => finding.Severity == Severity.High);
    }

    [Fact]
    public async Task Without_statistics_of_statements_it_says_how_to_have_them()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);

        DiagnosisReport report = await DiagnoseAsync(database.ConnectionString);

        NotSeen missed = Assert.Single(report.NotSeen);
        Assert.Equal("create extension pg_stat_statements", missed.Grant);
        Assert.Equal("statements of postgres-primary", missed.Subject);
        Assert.Empty(report.Queries);
    }

    /// <summary>And with the grant that it asks for it sees them.</summary>
    [Fact]
    public async Task A_role_without_rights_sees_what_it_may_and_names_the_grant()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        string role = "visitor_" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"""
            create extension pg_stat_statements; create table private (id int primary key, secret text);
            insert into private select i, 'x' from generate_series(1, 3000) i; create role {role} login password 'visitor'
            """);
        for (int i = 0; i < 30; i++)
            await database.ExecuteAsync("select id from private where secret = 'x' limit 1");
        string visitor = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "visitor" }.ConnectionString;

        DiagnosisReport report = await DiagnoseAsync(visitor);

        Assert.Null(report.Servers[0].Problem);
        NotSeen missed = Assert.Single(report.NotSeen, static missed => missed.Grant is not null);
        Assert.Equal($"grant pg_monitor to {role}", missed.Grant);
        Assert.DoesNotContain(report.Queries, static query => query.Text.Contains("private", StringComparison.Ordinal));

        await database.ExecuteAsync(missed.Grant!);
        Assert.Contains((await DiagnoseAsync(visitor)).Queries, static query => query.Text.Contains("private", StringComparison.Ordinal));
        await database.ExecuteAsync($"drop role {role}");
    }

    [Fact]
    public async Task A_locked_table_costs_only_what_needs_it()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres, ShopContents.SmallShop);
        await using NpgsqlConnection holder = new(database.ConnectionString);
        await holder.OpenAsync(Token);
        await using (NpgsqlCommand command = new("begin; lock table orders in access exclusive mode", holder))
            await command.ExecuteNonQueryAsync(Token);

        DiagnosisReport report = await DiagnoseAsync(database.ConnectionString);

        Assert.Null(report.Servers[0].Problem);
        Assert.NotNull(report.Servers[0].Connections);
        Assert.NotNull(report.Servers[0].DatabaseBytes);
    }

    [Fact]
    public async Task It_changes_nothing()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await using ServerConnection connection = await ServerConnection.OpenAsync("postgres-primary", new ServerLogin(database.ConnectionString), Token);

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(
            () => connection.QueryAsync("create table t (id int)", static _ => 0, Token));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    private static async Task<DiagnosisReport> DiagnoseAsync(string connectionString) =>
        (await new DiagnosisRun(new DiagnosisTarget(connectionString, [], Redis: null), TimeProvider.System).RunAsync(memory: null, TimeSpan.Zero, Token)).Report;
}
