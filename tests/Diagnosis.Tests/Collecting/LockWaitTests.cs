using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>Who waits for whom, and for what.</summary>
public sealed class LockWaitTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The waiter has changed another table before, and the role that looks may not see what others run.</summary>
    [Fact]
    public async Task A_role_without_rights_sees_the_table_that_is_waited_for_and_who_is_in_the_way()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        string role = "visitor_" + Guid.NewGuid().ToString("N");
        await database.ExecuteAsync($"""
            create table accounts (id int primary key, v int); create table branches (id int primary key, v int);
            insert into accounts values (1, 0); insert into branches values (1, 0); create role {role} login password 'visitor'
            """);
        await using NpgsqlConnection holder = await BeginAsync(database, "update branches set v = 1");
        await using NpgsqlConnection waiter = await BeginAsync(database, "update accounts set v = 1");
        Task waiting = ExecuteAsync(waiter, "update branches set v = 2");
        string visitor = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "visitor" }.ConnectionString;

        IReadOnlyList<LockWait> waits;
        await using (ServerConnection connection = await ServerConnection.OpenAsync("postgres-primary", new ServerLogin(visitor), Token))
        {
            do
                waits = [.. (await SessionCollector.WaitsAsync(connection, Token)).Where(wait => wait.ProcessId == waiter.ProcessID)];
            while (waits.Count == 0);
            LockBlocker blocker = Assert.Single(await SessionCollector.BlockersAsync(connection, waits, Token));

            Assert.Equal((holder.ProcessID, null), (blocker.ProcessId, blocker.Age));
        }

        await ExecuteAsync(holder, "commit");
        await waiting;
        await database.ExecuteAsync($"drop role {role}");
        Assert.Equal("branches", Assert.Single(waits).Object);
    }

    [Fact]
    public async Task A_session_that_holds_an_advisory_lock_and_does_nothing_is_held_to_account()
    {
        TestDatabase database = await TestDatabase.CreateAsync(postgres);
        await using NpgsqlConnection holder = await BeginAsync(database, "select pg_advisory_lock(7)");
        await ExecuteAsync(holder, "commit");
        await using NpgsqlConnection waiter = await BeginAsync(database, "select 1");
        Task waiting = ExecuteAsync(waiter, "select pg_advisory_lock(7)");

        LockBlocker? blocker;
        await using (ServerConnection connection = await ServerConnection.OpenAsync("postgres-primary", new ServerLogin(database.ConnectionString), Token))
        {
            do
            {
                IReadOnlyList<LockWait> waits = await SessionCollector.WaitsAsync(connection, Token);
                blocker = (await SessionCollector.BlockersAsync(connection, waits, Token)).FirstOrDefault(head => head.ProcessId == holder.ProcessID);
            }
            while (blocker is null || blocker.Age < TimeSpan.FromSeconds(1));
        }

        Assert.Equal("idle", blocker.State);
        await ExecuteAsync(holder, "select pg_advisory_unlock(7)");
        await waiting;
    }

    private static async Task<NpgsqlConnection> BeginAsync(TestDatabase database, string sql)
    {
        NpgsqlConnection connection = new(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await ExecuteAsync(connection, "begin");
        await ExecuteAsync(connection, sql);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
