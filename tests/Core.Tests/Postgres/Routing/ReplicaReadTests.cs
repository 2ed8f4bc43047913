using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using TByte.Functions.Core.Tests.Telemetry;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

/// <summary>Reads of one instance over a primary and two replicas, and what becomes of them when servers fail.</summary>
public sealed class ReplicaReadTests
{
    private const int Readers = 8;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replicas_share_the_reads_and_the_primary_has_none()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster);

        HashSet<int> ports = [];
        for (int i = 0; i < 100; i++)
            ports.Add(await instance.ReadPortAsync());

        Assert.Equal(cluster.Replicas.Select(replica => replica.Port).Order(), ports.Order());
        Assert.Equal(cluster.Primary.Port, await instance.Database.ReadPrimaryAsync(0, DatabaseInstance.PortAsync, Token));
        Assert.Equal(cluster.Primary.Port, await instance.Database.WriteAsync(0, DatabaseInstance.PortAsync, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_replica_that_is_killed_or_hangs_under_load_costs_no_reader_an_error(bool killed)
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:ProbeTimeout", "00:00:01"));
        TestPostgresReplica lost = cluster.Replicas[0];
        ConcurrentDictionary<int, int> answers = [];
        using CancellationTokenSource done = new();
        Task[] readers = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                answers.AddOrUpdate(await instance.ReadPortAsync(), 1, static (_, count) => count + 1);
        }))];
        await Eventually.HoldsAsync(
            () => cluster.Replicas.All(replica => answers.ContainsKey(replica.Port)), "both replicas are read", Token);

        if (killed)
            await lost.KillAsync();
        else
            lost.Stop();
        await Eventually.HoldsAsync(() => instance.StateOf(1) != "up", "the replica is not read any more", Token);
        int sinceThen = answers[cluster.Replicas[1].Port];
        await Eventually.HoldsAsync(() => answers[cluster.Replicas[1].Port] > sinceThen + 100, "the other replica answers", Token);

        if (killed)
            await lost.RestartAsync(Token);
        else
            lost.Continue();
        int before = answers[lost.Port];
        await Eventually.HoldsAsync(() => answers[lost.Port] > before + 100, "it is read again", Token);
        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task With_no_replica_to_be_used_the_primary_takes_its_share_of_reads_and_no_more()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:PrimaryReads", 3));
        foreach (TestPostgresReplica replica in cluster.Replicas)
            await replica.KillAsync();
        await Eventually.HoldsAsync(() => instance.StateOf(1) == "down" && instance.StateOf(2) == "down", "both replicas are down", Token);

        TaskCompletionSource held = new();
        int entered = 0;
        Task<int>[] reads = [.. Enumerable.Range(0, 10).Select(_ => instance.Database.ReadAsync(0, HoldAsync, Token))];
        await Eventually.HoldsAsync(() => reads.Count(read => read.IsFaulted) == 7 && entered == 3, "three are served, seven refused", Token);
        foreach (Task<int> refused in reads.Where(read => read.IsFaulted))
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => refused);

        // What belongs on the primary has the rest of its pool.
        Assert.Equal(cluster.Primary.Port, await instance.Database.ReadPrimaryAsync(0, DatabaseInstance.PortAsync, Token));
        Assert.Equal(cluster.Primary.Port, await instance.Database.WriteAsync(0, DatabaseInstance.PortAsync, Token));
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Database.ReadHeavyAsync(
            instance.Database.ChooseForHeavyQuery(), TimeSpan.FromSeconds(20), 0, DatabaseInstance.PortAsync, Token));

        held.SetResult();
        foreach (Task<int> served in reads.Where(read => !read.IsFaulted))
            Assert.Equal(cluster.Primary.Port, await served);
        Assert.Equal(cluster.Primary.Port, await instance.ReadPortAsync());

        async Task<int> HoldAsync(NpgsqlConnection connection, int unused)
        {
            Interlocked.Increment(ref entered);
            await held.Task;
            return await DatabaseInstance.PortAsync(connection, unused);
        }
    }

    [Fact]
    public async Task A_read_that_was_abandoned_keeps_its_place_on_the_primary()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:PrimaryReads", 1));
        TaskCompletionSource held = new();
        using CancellationTokenSource leaving = new();

        Task<int> read = instance.Database.ReadAsync(ShopDatabase.Newest, held, static async (_, held) =>
        {
            await held.Task;
            return 0;
        }, leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(NewestPortAsync);
        held.SetResult();
        await Eventually.HoldsAsync(async () => await SucceedsAsync(NewestPortAsync), "the place is given back", Token);

        Task<int> NewestPortAsync() => instance.Database.ReadAsync(ShopDatabase.Newest, 0, DatabaseInstance.PortAsync, Token);
    }

    [Fact]
    public async Task Without_replicas_the_primary_serves_every_read_with_its_whole_pool()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(0, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [], ("Postgres:PrimaryReads", 0), ("Postgres:MaxPoolSize", 8));
        TaskCompletionSource held = new();
        int entered = 0;

        Task<int>[] reads = [.. Enumerable.Range(0, 8).Select(_ => instance.Database.ReadAsync(ShopDatabase.Newest, 0, async (_, _) =>
        {
            Interlocked.Increment(ref entered);
            await held.Task;
            return 1;
        }, Token))];
        await Eventually.HoldsAsync(() => entered == 8, "all are under way", Token);
        Assert.Equal((8, 8), (instance.Database.Servers[0].Busy, instance.Database.Servers[0].Max));
        held.SetResult();

        Assert.Equal(8, (await Task.WhenAll(reads)).Sum());
        await Eventually.HoldsAsync(() => instance.Database.Servers[0] is { Busy: 0, Idle: 8 }, "eight connections are left over", Token);
    }

    /// <summary>A pool that was cut costs its readers one attempt each: the replica itself is asked again when nothing else may be.</summary>
    [Fact]
    public async Task Lost_connections_to_the_only_replica_cost_no_reader_an_error()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using FaultProxy proxy = FaultProxy.Start(cluster.Replicas[0].Port);
        string replica = new NpgsqlConnectionStringBuilder(cluster.Replicas[0].ConnectionString) { Port = proxy.Port }.ConnectionString;
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [replica], ("Postgres:PrimaryReads", 0));

        await instance.AllUpAsync();
        // Enough reads between the cuts, so that the breaker has no reason to open.
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(cluster.Replicas[0].Port, await instance.ReadPortAsync());
            if (i % 10 != 9)
                continue;

            ServerObservation? before = instance.Servers.Replicas[0].Seen;
            proxy.Cut();
            Assert.Equal(cluster.Replicas[0].Port, await instance.ReadPortAsync());
            // The prober has lost its connection, too. If the next cut hit the one that it is opening, the replica would count as away.
            await Eventually.HoldsAsync(() => instance.Servers.Replicas[0].Seen is { } seen && !ReferenceEquals(seen, before), "it was probed again", Token);
        }
    }

    /// <summary>Fails when a read that has waited for a replica in vain is sent to the primary.</summary>
    [Fact]
    public async Task What_is_too_slow_for_the_only_replica_does_not_follow_to_the_primary()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await StartAsync(
            cluster, ("Postgres:ReadBudget", "00:00:00.600"), ("Postgres:AttemptTimeout", "00:00:00.100"));
        TaskCompletionSource held = new();
        ConcurrentBag<int> asked = [];

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Database.ReadAsync(0, async (connection, _) =>
        {
            asked.Add(connection.Port);
            await held.Task;
            return 0;
        }, Token));
        held.SetResult();

        Assert.Equal([cluster.Replicas[0].Port], asked);
    }

    [Fact]
    public async Task A_read_finds_a_replica_that_has_replayed_what_it_must_see_else_the_primary()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster, ("Postgres:MaxReplicaLag", "00:00:30"));
        TestPostgresReplica paused = cluster.Replicas[0], prompt = cluster.Replicas[1];
        await paused.PauseReplayAsync(Token);
        NpgsqlLogSequenceNumber written = await WriteAsync(instance);

        await Eventually.HoldsAsync(async () => await ReadAsync(written) == prompt.Port, "the replica that has it", Token);
        for (int i = 0; i < 20; i++)
            Assert.Equal(prompt.Port, await ReadAsync(written));

        await prompt.PauseReplayAsync(Token);
        written = await WriteAsync(instance);
        for (int i = 0; i < 20; i++)
            Assert.Equal(cluster.Primary.Port, await ReadAsync(written));
        Assert.Equal(cluster.Primary.Port, await ReadAsync(ShopDatabase.Newest));
        Assert.NotEqual(cluster.Primary.Port, await instance.ReadPortAsync());

        await paused.ResumeReplayAsync(Token);
        await Eventually.HoldsAsync(async () => await ReadAsync(written) == paused.Port, "the replica that has it now", Token);

        Task<int> ReadAsync(NpgsqlLogSequenceNumber atLeast) => instance.Database.ReadAsync(atLeast, 0, DatabaseInstance.PortAsync, Token);
    }

    /// <summary>Without a hedge the read would be stuck for the 20 s of its attempt, and this test waits for less.</summary>
    [Fact]
    public async Task A_slow_replica_is_hedged_by_another()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using FaultProxy slow = FaultProxy.Start(cluster.Replicas[0].Port);
        string slowReplica = new NpgsqlConnectionStringBuilder(cluster.Replicas[0].ConnectionString) { Port = slow.Port }.ConnectionString;
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [slowReplica, cluster.Replicas[1].ConnectionString],
            ("Postgres:AttemptTimeout", "00:00:20"), ("Postgres:PrimaryReads", 0), ("Postgres:HedgeShare", 0.1));
        await instance.AllUpAsync();
        using Measurements measured = new(instance.Meters);

        // On a busy machine many reads are slow for a while and have used up the budget: then a later one must find it filled again.
        bool hedged = false;
        for (int round = 0; round < 5 && !hedged; round++)
        {
            for (int i = 0; i < 200; i++)
                await instance.ReadPortAsync();
            slow.ToClient.Stall();
            hedged = await IsHedgedAsync();
            slow.ToClient.Flow();
            await Eventually.HoldsAsync(() => instance.Servers.Replicas[0].Busy == 0, "the slow answer comes home", Token);
        }

        Assert.True(hedged);
        Assert.NotEmpty(measured.Of("tbyte.postgres.attempt.duration", "attempt.kind=hedge attempt.outcome=answered"));

        async Task<bool> IsHedgedAsync()
        {
            // The first that is sent there stays there.
            Task<int> read;
            do
            {
                read = instance.ReadPortAsync();
                await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(5), Token));
            }
            while (read.IsCompleted && instance.Servers.Replicas[0].Busy == 0);
            return read.IsCompleted && await read == cluster.Replicas[1].Port;
        }
    }

    [Fact]
    public async Task A_heavy_query_runs_once_on_its_server_within_its_budget_and_only_reads()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster);
        DatabaseServer server = instance.Database.ChooseForHeavyQuery();
        Assert.Equal(ServerRole.Replica, server.Role);

        string settings = await HeavyAsync(server, "select current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')");
        Assert.Equal("7s on", settings);
        Assert.Equal("20s off", await instance.Database.ReadPrimaryAsync(
            "select current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')", TextAsync, Token));
        Assert.Equal("7s on", await HeavyAsync(
            instance.Servers.Primary, "select current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')"));

        Task<string> HeavyAsync(DatabaseServer on, string query) =>
            instance.Database.ReadHeavyAsync(on, TimeSpan.FromSeconds(7), query, TextAsync, Token);
    }

    [Fact]
    public async Task Heavy_queries_that_take_too_long_do_not_break_their_server()
    {
        await using TestPostgresCluster cluster = await StartClusterAsync();
        await using DatabaseInstance instance = await StartAsync(cluster);
        DatabaseServer server = instance.Database.ChooseForHeavyQuery();
        // Opens the connection, so that the budget below is the query's.
        await instance.Database.ReadHeavyAsync(server, TimeSpan.FromSeconds(20), "select 'open'", TextAsync, Token);
        int runs = 0;

        for (int i = 1; i <= 10; i++)
        {
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Database.ReadHeavyAsync(
                server, TimeSpan.FromMilliseconds(500), "select pg_sleep(20)::text", (connection, query) =>
                {
                    runs++;
                    return TextAsync(connection, query);
                }, Token));
            Assert.Equal(i, runs);
            Assert.False(server.IsBroken);
        }
    }

    private static Task<TestPostgresCluster> StartClusterAsync() => TestPostgresCluster.StartAsync(2, Token, ShopContents.Nothing);

    private static async Task<DatabaseInstance> StartAsync(TestPostgresCluster cluster, params (string, object)[] settings)
    {
        DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [.. cluster.Replicas.Select(replica => replica.ConnectionString)], settings);
        return await instance.AllUpAsync();
    }

    private static async Task<bool> SucceedsAsync(Func<Task> read)
    {
        try
        {
            await read();
            return true;
        }
        catch (DatabaseUnavailableException)
        {
            return false;
        }
    }

    private static Task<NpgsqlLogSequenceNumber> WriteAsync(DatabaseInstance instance) =>
        instance.Database.WriteAsync(0, static async (connection, _) =>
        {
            await using NpgsqlCommand write = new("select pg_logical_emit_message(true, 'test', 'written')", connection);
            await write.ExecuteNonQueryAsync(CancellationToken.None);
            await using NpgsqlCommand position = new("select pg_current_wal_lsn()", connection);
            return (NpgsqlLogSequenceNumber)(await position.ExecuteScalarAsync(CancellationToken.None))!;
        }, Token);

    private static async Task<string> TextAsync(NpgsqlConnection connection, string query)
    {
        await using NpgsqlCommand command = new(query, connection);
        return (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }
}
