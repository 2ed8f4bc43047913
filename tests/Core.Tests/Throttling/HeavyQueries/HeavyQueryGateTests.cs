using Npgsql;
using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling;

/// <summary>The gate on a real PostgreSQL, which itself counts the queries that are inside it.</summary>
public sealed class HeavyQueryGateTests(PostgresFixture postgres, RedisFixture redis)
{
    // Kept by the one who makes the database busy, so that it stays busy until told.
    private const string BusySql = "select 1::bigint from (select pg_advisory_lock_shared(9), pg_advisory_unlock_shared(9)) waited";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_are_inside_and_twenty_wait_and_the_others_are_refused_at_once()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using GateInstance instance = await GateInstance.StartAsync(database, "");
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();

        Task<long>[] queries = [.. Enumerable.Range(0, 200).Select(_ => instance.PassAsync(cancellationToken: Token))];

        // Nobody has come out yet: who is refused has not waited for anything.
        Task<long>[] refused = [.. queries.Where(query => query.IsCompleted)];
        Assert.Equal(170, refused.Length);
        foreach (Task<long> query in refused)
        {
            HeavyQueryRejectedException rejection = await Assert.ThrowsAsync<HeavyQueryRejectedException>(() => query);
            Assert.InRange(rejection.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        }

        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 10, "ten are inside", Token);
        Assert.Equal(new HeavyQueryStatus(10, 20, 10, 20), instance.Gate.Status);
        await turnstile.OpenAsync();
        long[] inside = await Task.WhenAll(queries.Except(refused));
        Assert.Equal(10, inside.Max());
        Assert.Equal(new HeavyQueryStatus(0, 0, 10, 20), instance.Gate.Status);
    }

    [Fact]
    public async Task Under_pressure_five_are_inside_and_background_waits_until_it_eases()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using GateInstance instance = await GateInstance.StartAsync(database, "");
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await using NpgsqlConnection busy = new(database + ";Pooling=false");
        await busy.OpenAsync(Token);
        await ExecuteAsync(busy, "select pg_advisory_lock(9)");
        Task<long>[] others = [.. Enumerable.Range(0, 40).Select(_ => instance.KeepBusyAsync(BusySql))];
        await turnstile.CloseAsync();

        Task<long> background = instance.PassAsync(HeavyQueryPriority.Background, Token);
        Task<long>[] interactive = [.. Enumerable.Range(0, 12).Select(_ => instance.PassAsync(cancellationToken: Token))];
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 5, "five are inside", Token);
        Assert.Equal(new HeavyQueryStatus(5, 8, 5, 20), instance.Gate.Status);
        await turnstile.OpenAsync();
        Assert.Equal(5, (await Task.WhenAll(interactive)).Max());
        Assert.Equal(new HeavyQueryStatus(0, 1, 5, 20), instance.Gate.Status);

        // Nothing comes out of the gate that could let it in.
        await ExecuteAsync(busy, "select pg_advisory_unlock(9)");
        Assert.Equal(1, await background.WaitAsync(TimeSpan.FromSeconds(30), Token));
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_keeps_its_place_and_its_permit_until_it_ends()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using GateInstance instance = await GateInstance.StartAsync(
            database, (await redis.StartedAsync()).Connection, ("HeavyQueries:MaxRunning", 1), ("HeavyQueries:MaxRunningUnderPressure", 1));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();
        using CancellationTokenSource impatience = new();

        Task<long> abandoned = instance.PassAsync(cancellationToken: impatience.Token);
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 1, "it is inside", Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Task<long> next = instance.PassAsync(cancellationToken: Token);

        Assert.Equal(new HeavyQueryStatus(1, 1, 1, 20), instance.Gate.Status);
        Assert.Equal(1, await turnstile.InsideAsync());
        await turnstile.OpenAsync();
        Assert.Equal(1, await next);
        await Eventually.HoldsAsync(() => instance.Gate.Status.Running == 0, "both have left", Token);
    }

    [Fact]
    public async Task A_query_that_takes_too_long_is_ended_by_the_server_and_not_repeated()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using GateInstance instance = await GateInstance.StartAsync(database, "", ("HeavyQueries:QueryBudget", "00:00:00.300"));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();

        int tries = 0;

        // More of them than failures that would open a breaker.
        for (int i = 0; i < 12; i++)
        {
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Gate.RunAsync(
                HeavyQueryPriority.Interactive,
                Turnstile.PassSql,
                async (connection, sql) =>
                {
                    Interlocked.Increment(ref tries);
                    await using NpgsqlCommand command = new(sql, connection);
                    return await command.ExecuteScalarAsync();
                },
                Token));
        }

        Assert.Equal(12, tries);
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 0, "the server has ended them", Token);
        await Eventually.HoldsAsync(() => instance.Gate.Status.Running == 0, "they have given back their places", Token);
        Assert.Equal(1, await instance.KeepBusyAsync("select 1::bigint"));
    }

    [Fact]
    public async Task A_lost_connection_ends_the_query_on_the_server_and_it_is_tried_again()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.Schema, Token);
        await using FaultProxy road = FaultProxy.Start(server.Port);
        string throughProxy = new NpgsqlConnectionStringBuilder(database) { Port = road.Port }.ConnectionString;
        await using GateInstance instance = await GateInstance.StartAsync(throughProxy, "");
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();

        Task<long> query = instance.PassAsync(cancellationToken: Token);
        int first = 0;
        await Eventually.HoldsAsync(async () => await InsideAsync() is [var only] && (first = only) > 0, "it is inside", Token);
        road.Cut();
        await Eventually.HoldsAsync(
            async () => await InsideAsync() is [var only] && only != first, "the second attempt is inside and the first one is not", Token);
        await turnstile.OpenAsync();

        Assert.InRange(await query, 1, 2);
        Assert.Equal(new HeavyQueryStatus(0, 0, 10, 20), instance.Gate.Status);

        async Task<int[]> InsideAsync()
        {
            await using NpgsqlConnection connection = new(database + ";Pooling=false");
            await connection.OpenAsync(Token);
            await using NpgsqlCommand backends = new(
                "select coalesce(array_agg(pid), '{}') from pg_stat_activity where query = 'select pass_turnstile()' and state = 'active'", connection);
            return (int[])(await backends.ExecuteScalarAsync(Token))!;
        }
    }

    [Fact]
    public async Task A_server_that_drops_the_query_is_tried_three_times()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.Schema, Token);
        await using GateInstance instance = await GateInstance.StartAsync(database, "");
        int tries = 0;

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Gate.RunAsync(
            HeavyQueryPriority.Interactive,
            0,
            async (connection, _) =>
            {
                Interlocked.Increment(ref tries);
                await using NpgsqlCommand suicide = new("select pg_terminate_backend(pg_backend_pid())", connection);
                return await suicide.ExecuteNonQueryAsync();
            },
            Token));

        Assert.Equal(3, tries);
        Assert.Equal(0, instance.Gate.Status.Running);
    }

    [Fact]
    public async Task A_query_writes_nothing()
    {
        await using GateInstance instance = await GateInstance.StartAsync(await postgres.CreateDatabaseAsync(), "");

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(
            () => instance.RunAsync("update products set price = 0", cancellationToken: Token));

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);
        Assert.Equal(0, instance.Gate.Status.Running);
    }

    [Fact]
    public async Task Of_two_instances_no_more_are_inside_than_the_fleet_may_have()
    {
        string database = await postgres.CreateDatabaseAsync();
        // A Redis of its own: the permits of other tests are for a server of the same name.
        await using TestRedis fleet = await TestRedis.StartAsync(Token);
        (string, object) limit = ("HeavyQueries:FleetLimit", 6);
        await using GateInstance one = await GateInstance.StartAsync(database, fleet.Connection, limit);
        await using GateInstance other = await GateInstance.StartAsync(database, fleet.Connection, limit);
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();

        Task<long>[] queries = [.. Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : other).PassAsync(cancellationToken: Token))];
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 6, "six are inside", Token);
        await turnstile.OpenAsync();

        Assert.Equal(6, (await Task.WhenAll(queries)).Max());
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(fleet.Connection);
        await Eventually.HoldsAsync(
            async () => await connection.GetDatabase().SortedSetLengthAsync("tb:{heavy:postgres-primary}:permits") == 0, "all permits are back", Token);
    }

    [Fact]
    public async Task Who_finds_the_fleet_s_permits_taken_waits_for_them_and_is_refused_at_the_deadline()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis fleet = await TestRedis.StartAsync(Token);
        await using GateInstance one = await GateInstance.StartAsync(database, fleet.Connection, ("HeavyQueries:FleetLimit", 1));
        await using GateInstance hasty = await GateInstance.StartAsync(
            database, fleet.Connection, ("HeavyQueries:FleetLimit", 1), ("HeavyQueries:QueueTimeout", "00:00:00.200"));
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();
        Task<long> first = one.PassAsync(cancellationToken: Token);
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 1, "it is inside", Token);

        Task<long> patient = one.PassAsync(cancellationToken: Token);
        HeavyQueryRejectedException refusal = await Assert.ThrowsAsync<HeavyQueryRejectedException>(() => hasty.PassAsync(cancellationToken: Token));
        Assert.True(refusal.RetryAfter >= TimeSpan.FromSeconds(1));
        Assert.Equal(0, hasty.Gate.Status.Running);
        await turnstile.OpenAsync();

        long[] inside = await Task.WhenAll(first, patient);
        Assert.Equal(1, inside.Max());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
