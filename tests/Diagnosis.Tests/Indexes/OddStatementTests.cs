using Npgsql;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

public sealed class OddStatementTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const string SchemaSql = """
        create schema "Other Schema";
        create type mood as enum ('good', 'bad');
        create domain score as int check (value >= 0);
        create table "Other Schema"."Weird Table" (
          id bigint generated always as identity primary key, "a b" int not null, "größe" text, "select" timestamptz not null default now(),
          "Quote""d" boolean not null default true, mood mood not null default 'good', score score not null, tags text[] not null, data jsonb not null,
          place point, email varchar(200) not null, secret text collate "C" not null, gone timestamptz, fat text not null);
        insert into "Other Schema"."Weird Table" ("a b", "größe", "Quote""d", score, tags, data, place, email, secret, gone, fat)
          select i % 2000, 'g' || i, i % 50 = 0, i % 10, array['t' || i], '{"a": 1}', point(1, i), 'U' || i || '@Example.com', 's' || i,
            case when i % 100 > 0 then now() end, repeat('f', 300)
          from generate_series(1, 20000) as i;
        create index "Odd ""index" on "Other Schema"."Weird Table" (lower("größe"), score desc) where "Quote""d";
        create view weird as select *, "a b" + 1 as next from "Other Schema"."Weird Table" where "Quote""d";
        create materialized view kept as select * from "Other Schema"."Weird Table";
        create table parted (id bigint not null, at date not null, who int not null, note text) partition by range (at);
        create table parted_1 partition of parted for values from ('2020-01-01') to ('2021-01-01');
        create table parted_2 partition of parted default;
        insert into parted select i, date '2020-06-01' + i % 400, i % 5000, repeat('n', 50) from generate_series(1, 40000) as i;
        create table small (id int, name text);
        insert into small select i, 'n' from generate_series(1, 100) as i;
        create table empty (id int, name text);
        create unlogged table other (id int primary key, weird int not null, name text not null);
        insert into other select i, 1 + i % 5000, 'n' || i from generate_series(1, 20000) as i;
        """;

    // Statement, and a definition that must be proposed; null: whatever comes must be sound.
    private static readonly (string Text, string? Expected)[] Statements =
    [
        ("""select * from "Other Schema"."Weird Table" where "a b" = $1""", "using btree (\"a b\")"),
        ("""select id from "Other Schema"."Weird Table" as "W t" where "W t"."größe" = $1 and "Quote""d" """, "using btree (\"größe\") where \"Quote\"\"d\""),
        ("""select id from "Other Schema"."Weird Table" where not "Quote""d" and "größe" = $1""", "using btree (\"größe\") where (not \"Quote\"\"d\")"),
        ("""select id from "Other Schema"."Weird Table" where lower(email) = $1""", "using btree (lower((email)::text))"),
        ("""select id from "Other Schema"."Weird Table" where email = $1 and gone is null""", "using btree (email) where (gone is null)"),
        ("""select id, email from "Other Schema"."Weird Table" order by "select" desc nulls last limit 10""", "using btree (\"select\" desc nulls last)"),
        ("""select w.id from other o join "Other Schema"."Weird Table" w on w."a b" = o.weird where o.id = $1""", "using btree (\"a b\")"),
        ("""select count(*) from other where weird in ($1, $2) and name > $3""", null),
        ("""select (select max(name) from other o where o.weird = w."a b") from "Other Schema"."Weird Table" w where w.id = $1""", "using btree (weird)"),
        ("""update other set name = name || $1 where weird = $2""", "using btree (weird)"),
        ("""delete from other using "Other Schema"."Weird Table" w where w.id = $1 and other.weird = w."a b" """, "using btree (weird)"),
        ("""select * from "Other Schema"."Weird Table" where secret = $1 collate "default" """, null),
        ("""select * from "Other Schema"."Weird Table" where secret collate "und-x-icu" = $1""", null),
        ("""select * from "Other Schema"."Weird Table" where tags @> $1 or data ? 'a'""", null),
        ("""select * from "Other Schema"."Weird Table" where tags = $1 and place <-> point(1, 1) < $2""", null),
        ("""select * from "Other Schema"."Weird Table" where "a b" = $1 or score = $2""", null),
        ("""select * from "Other Schema"."Weird Table" where date_trunc('day', "select") = $1 and mood = $2 and score = $3""", null),
        ("""select * from "Other Schema"."Weird Table" where case when "a b" = 1 and score = 2 then mood = $1 else "Quote""d" end""", null),
        ("""select * from "Other Schema"."Weird Table" where fat = $1 and (fat, id) > ($2, $3) order by fat, id""", null),
        ("""select * from weird where next = $1 for update""", null),
        ("""select distinct on (mood) mood, "select" from weird order by mood, "select" desc""", null),
        ("""select mood, score, count(*), rank() over (partition by mood order by score) from weird group by grouping sets ((mood, score), ())""", null),
        ("""select * from kept where "a b" = $1""", null),
        ("""select * from parted where who = $1 and at > $2""", null),
        ("""with gone as (delete from parted where who = $1 returning *) insert into other select id, who, note from gone on conflict (id) do update set name = $2""", null),
        ("""select * from other where name not in (select fat from weird) and exists (select from small where small.id = other.weird)""", null),
        ("""select * from small full join other using (id) where small.name = $1""", null),
        ("""select * from small, lateral (select * from other where other.weird = small.id order by other.name limit $1) as o""", "using btree (weird, name)"),
        ("""select id from other where weird = $1 union all select id from small order by 1 limit 5 offset $2""", null),
        ("""select * from empty where id = $1""", null),
        ("""select * from pg_class where relname = $1 and relnatts > $2""", null),
        ("""select * from generate_series(1, $1) as s (n) join other on other.weird = s.n""", null),
        ("""select 1; drop table other""", null),
        ("""select 1 as a; delete from other; --""", null),
        ("""select 'unclosed""", null),
        ("""select now() - interval $1, * from other limit $2 offset""", null),
        ("""select id from other where weird = $1 and now() > timestamp $3 + interval $2""", "using btree (weird)"),
        ("""select * from nowhere""", null),
        ("""drop table other""", null),
        ("""create index on other (name)""", null),
        ("""/* a comment */ (select * from other where name = $1)""", "using btree (name)"),
        ("""insert into other select * from other where weird = $1""", "using btree (weird)"),
        ("""select * into copied from other""", null),
        ("""copy other to stdout""", null),
        ("""select pg_sleep($1)""", null),
        ("", null),
        (";;; $ $$ \" ' /* -- \0", null),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_statement_is_only_sound_indexes_are_proposed_and_nothing_is_run()
    {
        await CheckAsync(await CreateAsync(), IndexProof.Cost);
    }

    [Fact]
    public async Task The_same_holds_with_hypothetical_indexes()
    {
        OlderPostgres? older = OlderPostgres.Find();
        Assert.SkipWhen(older is null, OlderPostgres.Missing);
        await using TestPostgres server = await TestPostgres.StartAsync(Cancellation, older: older);
        TestDatabase database = await FillAsync(await TestDatabase.CreateAsync(server, Cancellation));
        await database.ExecuteAsync("create extension hypopg");
        await CheckAsync(database, IndexProof.Hypothetical);
    }

    private async Task CheckAsync(TestDatabase database, IndexProof proof)
    {
        List<string> missing = [];
        foreach ((string text, string? expected) in Statements)
        {
            IndexAdvice advice = await AdviseAsync(database.ConnectionString, text);
            Assert.All(advice.Proposals, proposal => Assert.Equal(proof, proposal.Proof));
            foreach (IndexProposal proposal in advice.Proposals)
            {
                output.WriteLine($"{text}\n    {proposal.Sql} -- {proposal.Gains[0].CostBefore:0} -> {proposal.Gains[0].CostAfter:0}");
                string made = (await database.QueryAsync<string>($"""
                    create index {proposal.Name} on {proposal.Table} {proposal.Definition};
                    select pg_get_indexdef(indexrelid) from pg_stat_user_indexes where indexrelname = '{proposal.Name}'
                    """))[0];
                Assert.InRange(await CostAsync(database.ConnectionString, text), 0, proposal.Gains[0].CostBefore * 0.9);
                Assert.True(IndexDefinition.AreSame(made[made.IndexOf(" USING ", StringComparison.Ordinal)..], proposal.Definition), made);
                Assert.DoesNotContain(proposal.Name, (await AdviseAsync(database.ConnectionString, text)).Proposals.Select(again => again.Name));
                await database.ExecuteAsync($"""drop index if exists {proposal.Name}, "Other Schema".{proposal.Name}""");
            }
            if (expected is not null && advice.Proposals.All(proposal => proposal.Definition != expected))
                missing.Add($"{expected} for {text}");
        }

        Assert.Empty(missing);

        Assert.Equal([20_000L], await database.QueryAsync<long>("select count(*) from other"));
        Assert.Equal([40_000L], await database.QueryAsync<long>("select count(*) from parted"));
        Assert.Equal([true], await database.QueryAsync<bool>("select to_regclass('copied') is null"));
    }

    [Fact]
    public async Task Partitions_are_named_as_not_judged()
    {
        TestDatabase database = await CreateAsync();

        IndexAdvice advice = await AdviseAsync(database.ConnectionString, "select * from parted where who = $1");

        Assert.Empty(advice.Proposals);
        Assert.Contains(advice.NotSeen, notSeen => notSeen.Subject == "Indexes of parted_1");
    }

    [Fact]
    public async Task Missing_rights_are_named()
    {
        TestDatabase database = await CreateAsync();
        string role = "r" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"create role {role} login password 'secret'");
        string connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "secret" }.ConnectionString;

        IndexAdvice advice = await AdviseAsync(connection, "select * from other where name = $1", "<insufficient privilege>", "delete from small");

        Assert.Empty(advice.Proposals);
        Assert.Equal(
            ["Statements of other roles", "Indexes for: select * from other where name = $1", "Indexes for: delete from small"],
            advice.NotSeen.Select(notSeen => notSeen.Subject));
        Assert.Equal("permission denied for table other", advice.NotSeen[1].Reason);
    }

    [Fact]
    public async Task A_superuser_works_out_no_function_of_another_role()
    {
        TestDatabase database = await CreateAsync();
        string role = "r" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"""
            create role {role};
            create function harm() returns text immutable language plpgsql as 'begin raise exception ''worked out''; end';
            alter function harm owner to {role}
            """);

        IndexAdvice advice = await AdviseAsync(database.ConnectionString, "select * from other where name = Harm()", "select * from other where name = $1");

        Assert.Single(advice.Proposals);
        Assert.Equal("it calls a function of another role, and this one is a superuser", Assert.Single(advice.NotSeen).Reason);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_named_too()
    {
        TestDatabase database = await CreateAsync();
        await using NpgsqlConnection connection = new(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        IndexAdvice advice = await new IndexAdvisor(TimeProvider.System).AdviseAsync(
            connection, [new WorkloadQuery(1, "select * from other where name = $1", 1, 1)], TimeSpan.FromMinutes(1), Cancellation);

        Assert.Empty(advice.Proposals);
        Assert.Single(advice.NotSeen);
    }

    [Fact]
    public async Task An_index_that_would_be_covered_is_named_as_replaced_unless_it_must_stay()
    {
        TestDatabase database = await CreateAsync();
        await database.ExecuteAsync("""
            create index narrow on other (weird);
            create unique index guard on other (weird, id);
            create index other_order on other (weird desc);
            create index partial on other (weird) where name > 'a';
            update other set weird = id % 20;
            analyze other
            """);
        await database.ExecuteAsync("select pg_stat_reset()");

        IndexAdvice advice = await AdviseAsync(database.ConnectionString, "select * from other where weird = $1 order by name limit 10");

        IndexProposal proposal = Assert.Single(advice.Proposals);
        Assert.Equal("using btree (weird, name)", proposal.Definition);
        Assert.Equal(["narrow", "other_order"], proposal.Replaces.Order());
    }

    private async Task<TestDatabase> CreateAsync() => await FillAsync(await TestDatabase.CreateAsync(postgres));

    private static async Task<TestDatabase> FillAsync(TestDatabase database)
    {
        await database.ExecuteAsync(SchemaSql);
        await database.ExecuteAsync("analyze");
        await database.ExecuteAsync("select pg_stat_reset()");
        return database;
    }

    private static async Task<double> CostAsync(string connectionString, string text)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync(Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
        ExplainSession explain = new(connection, transaction);
        await explain.ConfigureAsync(Cancellation);
        return (await explain.ExplainAsync(text, Cancellation)).TotalCost;
    }

    private static async Task<IndexAdvice> AdviseAsync(string connectionString, params string[] statements)
    {
        await using NpgsqlConnection connection = new(connectionString);
        await connection.OpenAsync(Cancellation);
        WorkloadQuery[] workload = [.. statements.Select((text, i) => new WorkloadQuery(i, text, 1_000, 10_000 - i))];
        IndexAdvice advice = await new IndexAdvisor(TimeProvider.System).AdviseAsync(connection, workload, TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(System.Data.ConnectionState.Open, connection.FullState);
        return advice;
    }
}
