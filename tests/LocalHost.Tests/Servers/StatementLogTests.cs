using CsCheck;
using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.LocalHost.Tests.Servers;

public class StatementLogTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly StatementLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_simple_statement_runs_from_its_line_to_its_duration()
    {
        Add(
            "1800000000.100 41 2/7 [shop] LOG:  statement: select 1",
            "1800000000.350 41 2/0 [shop] LOG:  duration: 250.123 ms");

        Assert.Equal(new LoggedStatement("select 1", "", "shop", At(100), At(350), Failed: false), Assert.Single(_log.All));
    }

    [Fact]
    public void Parsing_and_binding_count_when_they_belong_to_the_execution()
    {
        Add(
            "1800000000.200 41 2/7 [shop] LOG:  duration: 150.000 ms  parse <unnamed>: select $1",
            "1800000000.210 41 2/7 [shop] LOG:  duration: 5.000 ms  bind <unnamed>: select $1",
            "1800000000.210 41 2/7 [shop] DETAIL:  Parameters: $1 = 'two",
            "\tlines'",
            "1800000000.211 41 2/7 [shop] LOG:  execute <unnamed>: select $1",
            "1800000000.211 41 2/7 [shop] DETAIL:  Parameters: $1 = 'two",
            "\tlines'",
            "1800000000.300 41 2/7 [shop] LOG:  duration: 89.000 ms");

        Assert.Equal(new LoggedStatement("select $1", "$1 = 'two\nlines'", "shop", At(50), At(300), Failed: false), Assert.Single(_log.All));
    }

    [Fact]
    public void What_was_prepared_before_begins_with_binding_every_time()
    {
        Add(
            "1800000000.010 41 2/7 [] LOG:  duration: 5.000 ms  parse _p1: select $1",
            "1800000000.210 41 2/8 [] LOG:  duration: 5.000 ms  bind _p1: select $1",
            "1800000000.210 41 2/8 [] LOG:  execute _p1: select $1",
            "1800000000.215 41 2/8 [] LOG:  duration: 5.000 ms",
            "1800000000.310 41 2/9 [] LOG:  duration: 5.000 ms  bind _p1/C_2: select $1",
            "1800000000.310 41 2/9 [] LOG:  execute _p1/C_2: select $1",
            "1800000000.312 41 2/9 [] LOG:  execute fetch from _p1/C_2: select $1",
            "1800000000.315 41 2/9 [] LOG:  duration: 3.000 ms");

        Assert.Equal([At(205), At(305), At(312)], _log.All.Select(statement => statement.Start));
        Assert.All(_log.All, statement => Assert.Equal("select $1", statement.Text));
    }

    [Fact]
    public void Durations_that_bring_their_text_are_statements_of_their_own()
    {
        Add(
            "1800000000.350 41 2/0 [] LOG:  duration: 250.000 ms  statement: select 1",
            "1800000000.450 41 2/0 [] LOG:  duration: 50.000 ms  execute <unnamed>: select 2");

        Assert.Equal(
            [("select 1", At(100), At(350)), ("select 2", At(400), At(450))],
            _log.All.Select(statement => (statement.Text, statement.Start, statement.End!.Value)));
    }

    [Fact]
    public void A_statement_of_several_lines_is_put_together_again()
    {
        Add(
            "1800000000.100 41 2/7 [a b] c] LOG:  execute <unnamed>: select 'duration: 1.0 ms'",
            "\tfrom products",
            "\t",
            "\t\twhere id = 1 -- LOG:  statement: none",
            "1800000000.350 41 2/7 [a b] c] LOG:  duration: 250.123 ms");

        LoggedStatement statement = Assert.Single(_log.All);
        Assert.Equal("select 'duration: 1.0 ms'\nfrom products\n\n\twhere id = 1 -- LOG:  statement: none", statement.Text);
        Assert.Equal(("a b] c", At(350)), (statement.Application, statement.End));
    }

    [Fact]
    public void Lines_of_several_connections_are_kept_apart()
    {
        Add(
            "1800000000.100 41 2/7 [a] LOG:  statement: select",
            "\t1",
            "1800000000.110 42 3/7 [b] LOG:  statement: select 2",
            "1800000000.120 41 2/0 [a] LOG:  duration: 20.000 ms",
            "1800000000.130 42 3/0 [b] LOG:  duration: 20.000 ms",
            "a line from elsewhere",
            "1800000000.140 43 0/0 [] LOG:  checkpoint starting: time");

        Assert.Equal(
            [("select\n1", "a", At(120)), ("select 2", "b", At(130))],
            _log.All.Select(statement => (statement.Text, statement.Application, statement.End!.Value)));
    }

    [Fact]
    public void A_failed_statement_ends_with_its_error()
    {
        Add(
            "1800000000.100 41 2/7 [] LOG:  execute <unnamed>: select pg_sleep(9)",
            "1800000000.200 41 2/7 [] ERROR:  canceling statement due to statement timeout",
            "1800000000.200 41 2/7 [] STATEMENT:  select pg_sleep(9)",
            "1800000000.300 41 2/8 [] ERROR:  relation \"none\" does not exist at character 15",
            "1800000000.300 41 2/8 [] STATEMENT:  select * from",
            "\tnone",
            "1800000000.400 41 2/9 [] LOG:  statement: select 1");

        Assert.Equal(
            [("select pg_sleep(9)", At(100), At(200), true), ("select * from\nnone", At(300), At(300), true), ("select 1", At(400), null, false)],
            _log.All.Select(statement => (statement.Text, statement.Start, statement.End, statement.Failed)));
    }

    [Fact]
    public void What_ran_when_the_server_was_killed_ends_at_the_latest_when_it_starts_again()
    {
        Add(
            "1800000000.100 41 2/7 [] LOG:  statement: select pg_sleep(9)",
            "1800000000.900 99 0/0 [] LOG:  starting PostgreSQL 18.4 on x86_64-pc-linux-gnu");

        Assert.Equal((At(900), true), Assert.Single(_log.All.Select(statement => (statement.End, statement.Failed))));
    }

    [Fact]
    public void A_range_has_what_ran_in_it()
    {
        Add(
            "1800000000.100 41 2/7 [] LOG:  statement: early",
            "1800000000.200 41 2/0 [] LOG:  duration: 100.000 ms",
            "1800000000.300 41 2/8 [] LOG:  statement: inside",
            "1800000000.310 42 3/8 [] LOG:  statement: running",
            "1800000000.400 41 2/0 [] LOG:  duration: 100.000 ms",
            "1800000000.500 41 2/9 [] LOG:  statement: late");

        Assert.Equal(["inside", "running"], _log.Between(At(201), At(499)).Select(statement => statement.Text));
        Assert.Equal(["early", "inside", "running", "late"], _log.Between(At(200), At(500)).Select(statement => statement.Text));
    }

    [Fact]
    public void The_most_at_once_are_those_of_the_fullest_instant() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[0, 20]).Array[0, 30].Sample(spans =>
        {
            StatementLog log = new();
            for (int i = 0; i < spans.Length; i++)
            {
                (int start, int length) = spans[i];
                log.Add($"1800000000.{start:000} {i} 2/7 [] LOG:  statement: select {i}");
                log.Add($"1800000000.{start + length:000} {i} 2/0 [] LOG:  duration: {length}.000 ms");
            }

            // A start at 7 may be as late as just before 8, and an end at 8 as early as 8.
            int fullest = Enumerable.Range(0, 80).Max(at => spans.Count(span => span.Item1 + 1 <= at && at < span.Item1 + span.Item2));
            Assert.Equal(Math.Max(fullest, Math.Min(spans.Length, 1)), log.MostAtOnce(_ => true));
        });

    [Fact]
    public async Task A_real_server_tells_what_ran_at_once()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Cancellation, logStatements: true);
        string database = await postgres.CreateDatabaseAsync(ShopContents.Nothing, Cancellation) + ";Application Name=sleepers;Pooling=false";

        // Three at once, twice in a row; one prepared, one of several lines.
        const string Sleep = "select pg_sleep(2)", Commented = "select\n  pg_sleep(2)\n\n-- and a comment";
        for (int round = 0; round < 2; round++)
        {
            await using Sleeper plain = await Sleeper.OpenAsync(database, Sleep);
            await using Sleeper prepared = await Sleeper.OpenAsync(database, Sleep, prepare: true);
            await using Sleeper commented = await Sleeper.OpenAsync(database, Commented);
            await Task.WhenAll(plain.SleepAsync(), prepared.SleepAsync(), commented.SleepAsync());
        }
        await using Sleeper slow = await Sleeper.OpenAsync(database + ";Options=-c statement_timeout=100ms", "select pg_sleep(600)");
        PostgresException canceled = await Assert.ThrowsAsync<PostgresException>(slow.SleepAsync);
        Assert.Equal(PostgresErrorCodes.QueryCanceled, canceled.SqlState);

        StatementLog log = await postgres.StatementsSoFarAsync(Cancellation);
        LoggedStatement[] slept = [.. log.All.Where(statement => statement.Application == "sleepers" && statement.Text.Contains("pg_sleep"))];
        Assert.Equal(7, slept.Length);
        Assert.Equal(2, slept.Count(statement => statement.Text == Commented));
        Assert.All(slept[..6], statement => Assert.True(statement.End - statement.Start >= TimeSpan.FromMilliseconds(1_999) && !statement.Failed));
        Assert.True(slept[6].Failed);
        Assert.InRange(slept[6].End!.Value - slept[6].Start, TimeSpan.FromMilliseconds(99), TimeSpan.FromSeconds(60));
        Assert.Equal(3, log.MostAtOnce(statement => statement.Text is Sleep or Commented));
        Assert.Equal(1, log.MostAtOnce(statement => statement.Text == Commented));
    }

    [Fact]
    public async Task A_statement_that_waits_for_a_lock_before_it_is_logged_counts_from_its_start()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Cancellation, logStatements: true);
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Cancellation));
        await using NpgsqlConnection holder = await database.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction holding = await holder.BeginTransactionAsync(Cancellation);
        await using (NpgsqlCommand hold = new("lock table products in access exclusive mode", holder, holding))
            await hold.ExecuteNonQueryAsync(Cancellation);

        const string Read = "select name from products where id = $1";
        Task[] readers = [.. Enumerable.Range(0, 4).Select(async _ =>
        {
            await using NpgsqlCommand read = database.CreateCommand(Read);
            read.Parameters.Add(new NpgsqlParameter { Value = 7L });
            await read.ExecuteScalarAsync(Cancellation);
        })];
        await using NpgsqlCommand waiting = database.CreateCommand("select count(*) from pg_locks where not granted");
        await Eventually.HoldsAsync(async () => await waiting.ExecuteScalarAsync(Cancellation) is 4L, "the readers wait", Cancellation);
        await holding.CommitAsync(Cancellation);
        await Task.WhenAll(readers);

        StatementLog log = await postgres.StatementsSoFarAsync(Cancellation);
        Assert.Equal(4, log.MostAtOnce(statement => statement is { Text: Read, Parameters: "$1 = '7'" }));
    }

    private static DateTimeOffset At(int milliseconds) => Noon.AddMilliseconds(milliseconds);

    private void Add(params string[] lines)
    {
        foreach (string line in lines)
            _log.Add(line);
    }

    /// <summary>A connection that is open, so that it only has to send its statement.</summary>
    private sealed class Sleeper(NpgsqlConnection connection, NpgsqlCommand command) : IAsyncDisposable
    {
        public static async Task<Sleeper> OpenAsync(string database, string statement, bool prepare = false)
        {
            var connection = new NpgsqlConnection(database);
            await connection.OpenAsync(Cancellation);
            var command = new NpgsqlCommand(statement, connection);
            if (prepare)
                await command.PrepareAsync(Cancellation);
            return new Sleeper(connection, command);
        }

        public Task<int> SleepAsync() => command.ExecuteNonQueryAsync(Cancellation);

        public async ValueTask DisposeAsync()
        {
            await command.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
