using System.Diagnostics;
using Npgsql;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.LocalHost.Tests.Servers;

public class TestPostgresTests(PostgresFixture shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_database_has_the_shop_and_is_its_own()
    {
        await using var first = NpgsqlDataSource.Create(await shared.CreateDatabaseAsync());
        await using var second = NpgsqlDataSource.Create(await shared.CreateDatabaseAsync());

        await ExecuteAsync(first, "delete from order_items");

        Assert.Equal(0L, await ScalarAsync(first, "select count(*) from order_items"));
        Assert.NotEqual(0L, await ScalarAsync(second, "select count(*) from order_items"));
        Assert.Equal(500L, await ScalarAsync(second, "select count(*) from products"));
        Assert.Equal("C.UTF-8", await ScalarAsync(second, "select datlocale from pg_database where datname = current_database()"));
    }

    [Fact]
    public async Task A_stopped_server_answers_nothing_until_it_continues()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Cancellation);
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(ShopContents.Nothing, Cancellation));
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand("select 1", connection);

        postgres.Stop();
        Task<object?> answer = command.ExecuteScalarAsync(CancellationToken.None);
        await Task.Delay(300, Cancellation);
        Assert.False(answer.IsCompleted);

        postgres.Continue();
        Assert.Equal(1, await answer.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
    }

    [Fact]
    public async Task A_killed_server_starts_again_with_what_was_committed()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Cancellation);
        string connection = await postgres.CreateDatabaseAsync(ShopContents.Nothing, Cancellation);
        await using var database = NpgsqlDataSource.Create(connection);
        await ExecuteAsync(database, "create table kept (id int); set synchronous_commit = on; insert into kept values (42)");

        await postgres.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "select 1"));
        await postgres.RestartAsync(Cancellation);

        await using var again = NpgsqlDataSource.Create(connection);
        Assert.Equal(42, await ScalarAsync(again, "select id from kept"));
    }

    [Fact]
    public async Task Starts_fast_once_an_empty_server_is_kept()
    {
        await using (await TestPostgres.StartAsync(Cancellation))
        {
        }

        long started = Stopwatch.GetTimestamp();
        await using TestPostgres postgres = await TestPostgres.StartAsync(Cancellation);
        TestContext.Current.SendDiagnosticMessage($"PostgreSQL started in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource database, string query)
    {
        await using NpgsqlCommand command = database.CreateCommand(query);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string statement)
    {
        await using NpgsqlCommand command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
