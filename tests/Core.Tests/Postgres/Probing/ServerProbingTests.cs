using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Probing;

/// <summary>Nobody reads in these tests: what is known of the servers comes from their probers.</summary>
public sealed class ServerProbingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_are_known_from_the_start_and_a_killed_one_is_found_again()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(cluster);
        Assert.Equal(["postgres-primary", "postgres-replica-1"], instance.Database.Servers.Select(server => server.Name));

        await cluster.Replicas[0].KillAsync();
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "down", "the killed replica is down", Token);
        Assert.Equal("up", instance.StateOf(0));

        await cluster.Replicas[0].RestartAsync(Token);
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "up", "the replica is found again", Token);
    }

    [Fact]
    public async Task A_hung_server_is_down_until_it_goes_on_and_is_left_with_one_probe_connection()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:ProbeTimeout", "00:00:01"));

        cluster.Replicas[0].Stop();
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "down", "the hung replica is down", Token);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        Assert.Equal("down", instance.StateOf(1));
        cluster.Replicas[0].Continue();

        await Eventually.HoldsAsync(() => instance.StateOf(1) == "up", "the replica goes on", Token);
        await Eventually.HoldsAsync(() => ProbeConnectionsAsync(cluster.Replicas[0], 1), "what hung is tidied up", Token);
    }

    [Fact]
    public async Task A_network_that_swallows_everything_is_a_server_that_is_down()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using FaultProxy proxy = FaultProxy.Start(cluster.Replicas[0].Port);
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [Through(proxy, cluster.Replicas[0])], ("Postgres:ProbeTimeout", "00:00:01"));

        proxy.ToClient.Stall();
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "down", "nothing comes back", Token);
        await proxy.RestoreAsync();
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "up", "answers come again", Token);
    }

    [Fact]
    public async Task A_probe_connection_that_is_cut_is_replaced_without_a_word()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using FaultProxy proxy = FaultProxy.Start(cluster.Replicas[0].Port);
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [Through(proxy, cluster.Replicas[0])]);

        await instance.AllUpAsync();
        DatabaseServer replica = instance.Servers.Replicas[0];
        for (int i = 0; i < 5; i++)
        {
            int accepted = proxy.Accepted;
            proxy.Cut();
            await Eventually.HoldsAsync(() => proxy.Accepted > accepted, "a new connection", Token);
            // One that is cut while it is being opened does say something of the server.
            ServerObservation? seen = replica.Seen;
            await Eventually.HoldsAsync(() => !ReferenceEquals(replica.Seen, seen), "the new connection has answered", Token);
        }

        Assert.DoesNotContain(instance.Logs.GetSnapshot(), log => log.Message.Contains("does not answer", StringComparison.Ordinal));
        Assert.Equal("up", instance.StateOf(1));
    }

    [Fact]
    public async Task A_promoted_replica_is_not_read()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(cluster);

        await ExecuteAsync(cluster.Replicas[0], "select pg_promote()");

        await Eventually.HoldsAsync(() => instance.StateOf(1) == "down", "the promoted replica is not used", Token);
        Assert.Equal(cluster.Primary.Port, await instance.ReadPortAsync());
        Assert.Contains(instance.Logs.GetSnapshot(), log => log.Message.Contains("promoted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_start_does_not_wait_for_a_server_that_hangs()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        cluster.Replicas[0].Stop();
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [cluster.Replicas[0].ConnectionString]);
        Assert.Equal("down", instance.StateOf(1));
        await Eventually.HoldsAsync(() => instance.StateOf(0) == "up", "the primary is known", Token);
        Assert.Equal("down", instance.StateOf(1));
        cluster.Replicas[0].Continue();
    }

    /// <summary>Fails without the prober's trial: readers do not go to a broken replica, so that none of theirs would close it.</summary>
    [Fact]
    public async Task A_broken_replica_is_used_again_without_a_reader_that_tries_it()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(cluster);
        DatabaseServer replica = instance.Servers.Replicas[0];

        while (!replica.IsBroken)
        {
            await Assert.ThrowsAnyAsync<TimeoutException>(() => replica.RunAsync(
                PlaceKind.Own, Deadline.In(TimeProvider.System, TimeSpan.FromMilliseconds(20)), 0, SleepAsync, Token));
        }

        await Eventually.HoldsAsync(() => !replica.IsBroken, "the breaker is closed", Token);
        await Eventually.HoldsAsync(async () => await instance.ReadPortAsync() == cluster.Replicas[0].Port, "the replica is read", Token);
    }

    /// <summary>Writes go on all the time, so that a replica that stands still falls behind.</summary>
    [Fact]
    public async Task A_replica_that_does_not_replay_is_lagging_until_it_does()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:MaxReplicaLag", "00:00:00.500"));
        await cluster.Replicas[0].PauseReplayAsync(Token);

        await Eventually.HoldsAsync(
            async () =>
            {
                await ExecuteAsync(cluster.Primary, "select pg_logical_emit_message(true, 'test', 'written')");
                return instance.StateOf(1) == "lagging";
            },
            "the replica lags",
            Token);
        Assert.Equal(cluster.Primary.Port, await instance.ReadPortAsync());
        Assert.True(instance.Database.Servers[1].LagMs > 500);

        await cluster.Replicas[0].ResumeReplayAsync(Token);
        await Eventually.HoldsAsync(() => instance.Database.Servers[1] is { State: "up", LagMs: 0 }, "the replica has caught up", Token);
        Assert.Equal(cluster.Replicas[0].Port, await instance.ReadPortAsync());
    }

    private static async Task<DatabaseInstance> StartAsync(TestPostgresCluster cluster, params (string, object)[] settings)
    {
        DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [.. cluster.Replicas.Select(replica => replica.ConnectionString)], settings);
        return await instance.AllUpAsync();
    }

    private static string Through(FaultProxy proxy, TestPostgresServer server) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = proxy.Port }.ConnectionString;

    private static async Task<int> SleepAsync(NpgsqlConnection connection, int unused)
    {
        await using NpgsqlCommand command = new("select pg_sleep(0.2)", connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        return 0;
    }

    private static async Task<bool> ProbeConnectionsAsync(TestPostgresServer server, long count) =>
        await ExecuteAsync(server, "select count(*) from pg_stat_activity where application_name = 'tbyte-functions-probe'") is long open && open == count;

    private static async Task<object?> ExecuteAsync(TestPostgresServer server, string statement)
    {
        await using NpgsqlConnection connection = new(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
