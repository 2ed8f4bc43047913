using System.Collections.Concurrent;
using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Replicas that die, hang, lag and come back, and a primary that dies, seen through HTTP.</summary>
public sealed class ReplicaTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_killed_under_load_fails_no_read_and_is_used_again_when_it_is_back()
    {
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(
            2, redis: "", ("Cache__MemoryLife", "00:00:00.010"), ("Cache__ProductLife", "00:00:00.010"),
            // A stale answer only when a load fails, so that it would show.
            ("Cache__SoftTimeout", "00:00:30"));
        TestPostgresReplica killed = fleet.Cluster.Replicas[0];
        ConcurrentQueue<ProductAnswer> answers = [];
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fleet.Api, answers, done.Token);
        await Eventually.HoldsAsync(() => answers.Count > 300, "the load runs", Token);

        await killed.KillAsync();
        int before = answers.Count;
        await Eventually.HoldsAsync(() => answers.Count > before + 500, "the load goes on", Token);
        int readBefore = killed.Statements.All.Count(ReplicatedFleet.IsProductRead);
        await killed.RestartAsync(Token);
        await Eventually.HoldsAsync(
            () => killed.Statements.All.Count(ReplicatedFleet.IsProductRead) > readBefore, "it is read again", Token);
        await done.CancelAsync();
        await load;

        Assert.NotEqual(0, readBefore);
        Assert.All(answers, answer => Assert.Equal((200, false), (answer.Status, answer.IsStale)));
        Assert.Empty(await ReplicatedFleet.ProductsReadAsync(fleet.Primary));
    }

    [Fact]
    public async Task A_hung_replica_costs_a_read_one_attempt_until_it_is_noticed_and_then_none()
    {
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(
            1, redis: "", ("Postgres__AttemptTimeout", "00:00:00.300"), ("Postgres__ProbeTimeout", "00:00:01"));
        TestPostgresReplica hung = fleet.Cluster.Replicas[0];
        await ReadAsync(fleet.Api, 1, 20);

        // One after the other: a hundred of which every other waits take much longer than it takes to notice.
        hung.Stop();
        await ReadAsync(fleet.Api, 101, 200);
        await ReadAsync(fleet.Api, 201, 300);
        hung.Continue();

        // What it was sent meanwhile it answers now.
        IReadOnlyList<int> read = await ReplicatedFleet.ProductsReadAsync(hung);
        Assert.Contains(read, product => product <= 20);
        Assert.All(read.CountBy(product => product), attempts => Assert.Equal(1, attempts.Value));
        Assert.DoesNotContain(read, product => product is > 200 and <= 300);

        int next = 301;
        await Eventually.HoldsAsync(
            async () =>
            {
                await ReadAsync(fleet.Api, next, next);
                return (await ReplicatedFleet.ProductsReadAsync(hung)).Contains(next++);
            },
            "it is read again",
            Token);
    }

    [Fact]
    public async Task A_replica_that_lags_is_not_read_while_another_does_not()
    {
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(
            1, redis: "", ("Cache__MemoryLife", "00:00:00.010"), ("Cache__ProductLife", "00:00:00.010"), ("Cache__SoftTimeout", "00:00:30"));
        TestPostgresReplica delayed = fleet.Cluster.Replicas[0];
        await delayed.DelayAsync(TimeSpan.FromSeconds(10), Token);
        using CancellationTokenSource done = new();
        Task writing = WriteAsync(fleet.Primary, done.Token);

        // It is behind from the first write on, but at first no further than it may be.
        await Eventually.HoldsAsync(
            async () =>
            {
                int before = (await ReplicatedFleet.ProductsReadAsync(delayed)).Count;
                await ReadAsync(fleet.Api, 1, 40);
                return (await ReplicatedFleet.ProductsReadAsync(delayed)).Count == before;
            },
            "the delayed replica is left out",
            Token);
        await ReadAsync(fleet.Api, 401, 500);
        await done.CancelAsync();
        await writing;

        Assert.DoesNotContain(await ReplicatedFleet.ProductsReadAsync(delayed), product => product > 400);
        Assert.Equal(Enumerable.Range(401, 100), (await ReplicatedFleet.ProductsReadAsync(fleet.Cluster.Replicas[1])).Where(product => product > 400));
        Assert.Empty(await ReplicatedFleet.ProductsReadAsync(fleet.Primary));
    }

    [Fact]
    public async Task Without_replicas_the_primary_takes_ten_reads_at_once_and_the_others_are_told_so()
    {
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(
            1, redis: "", ("Cache__ProductLife", "00:00:00.100"), ("Cache__MemoryLife", "00:00:00.100"),
            ("Postgres__AttemptTimeout", "00:00:00.300"), ("Postgres__ProbeTimeout", "00:00:01"));
        await ReadAsync(fleet.Api, 1, 20);

        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
            replica.Stop();
        // Until the prober has noticed a read waits for its whole budget: the other replica might answer.
        await Task.Delay(TimeSpan.FromSeconds(3), Token);
        await Eventually.HoldsAsync(
            async () => (await fleet.Api.GetProductAsync(0, 21)).Status == 200 && (await ReplicatedFleet.ProductsReadAsync(fleet.Primary)).Contains(21),
            "the primary is read",
            Token);
        Assert.Equal(200, (await fleet.Api.PutProductAsync(0, 21, price: 1)).Status);

        await using NpgsqlConnection holder = new(fleet.Primary.ConnectionString + ";Pooling=false");
        await holder.OpenAsync(Token);
        NpgsqlTransaction holding = await holder.BeginTransactionAsync(Token);
        await using (NpgsqlCommand hold = new("lock table products in access exclusive mode", holder, holding))
            await hold.ExecuteNonQueryAsync(Token);
        Task<ProductAnswer>[] cold = [.. Enumerable.Range(101, 60).Select(product => fleet.Api.GetProductAsync(0, product))];
        await Eventually.HoldsAsync(() => cold.Count(answer => answer.IsCompleted) == 50, "all but ten are answered", Token);
        await using NpgsqlCommand waiting = new("select count(*) from pg_locks where not granted", holder, holding);
        await Eventually.HoldsAsync(async () => await waiting.ExecuteScalarAsync(Token) is 10L, "ten wait for the lock", Token);
        ProductAnswer[] warmed = await Task.WhenAll(Enumerable.Range(1, 20).Select(product => fleet.Api.GetProductAsync(0, product)));
        await holding.DisposeAsync();
        ProductAnswer[] answers = await Task.WhenAll(cold);

        Assert.All(warmed, answer => Assert.Equal((200, true), (answer.Status, answer.IsStale)));
        Assert.Equal(10, answers.Count(answer => answer.Status == 200));
        Assert.All(answers.Where(answer => answer.Status != 200), AssertSaysWhenToComeBack);
        Assert.Equal(10, (await fleet.Primary.StatementsSoFarAsync(Token)).MostAtOnce(ReplicatedFleet.IsProductRead));

        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
            replica.Continue();
        int next = 201;
        await Eventually.HoldsAsync(
            async () =>
            {
                ProductAnswer answer = await fleet.Api.GetProductAsync(0, next);
                return answer.Status == 200 && !(await ReplicatedFleet.ProductsReadAsync(fleet.Primary)).Contains(next++);
            },
            "the replicas are read again",
            Token);
    }

    [Fact]
    public async Task Reads_go_on_without_the_primary_and_writes_say_when_to_come_back()
    {
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(1, redis: "");
        Assert.Equal(200, (await fleet.Api.PutProductAsync(0, 7, price: 1)).Status);
        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
            await fleet.Cluster.CatchUpAsync(replica, Token);

        await fleet.Primary.KillAsync();
        await ReadAsync(fleet.Api, 101, 200);
        for (int i = 0; i < 20; i++)
            AssertSaysWhenToComeBack(await fleet.Api.PutProductAsync(0, 8, price: 1));
        await ReadAsync(fleet.Api, 201, 300);
        Assert.Equal((200, 2L), ((await fleet.Api.GetProductAsync(0, 7)).Status, (await fleet.Api.GetProductAsync(0, 7)).Version));

        await fleet.Primary.RestartAsync(Token);
        await Eventually.HoldsAsync(async () => (await fleet.Api.PutProductAsync(0, 8, price: 2)).Status == 200, "it is written again", Token);
        Assert.Equal(2, (await fleet.Api.GetProductAsync(0, 8)).Version);
        await ReadAsync(fleet.Api, 301, 320);
    }

    [Fact]
    public async Task Reads_go_on_when_the_primary_dies_with_writes_that_no_replica_has()
    {
        TimeSpan limit = TimeSpan.FromSeconds(8);
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(1, redis: "", ("Postgres__MaxReplicaLag", limit));
        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
            await replica.DisconnectAsync(Token);
        Assert.Equal(200, (await fleet.Api.PutProductAsync(0, 8, price: 1)).Status);
        // The prober sees that the primary is ahead.
        await Task.Delay(limit / 5, Token);

        await fleet.Primary.KillAsync();
        await Task.Delay(1.5 * limit, Token);

        await ReadAsync(fleet.Api, 101, 200);
    }

    private static void AssertSaysWhenToComeBack(ProductAnswer answer)
    {
        Assert.Equal((503, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.True(answer.RetryAfter >= TimeSpan.FromSeconds(1));
    }

    /// <summary>Reads products that nobody has read yet, one after the other.</summary>
    private static async Task ReadAsync(ApiFleet api, int first, int last)
    {
        for (int product = first; product <= last; product++)
            Assert.Equal(200, (await api.GetProductAsync(0, product)).Status);
    }

    private static Task LoadAsync(ApiFleet api, ConcurrentQueue<ProductAnswer> answers, CancellationToken done) =>
        Task.WhenAll(Enumerable.Range(0, 3 * api.Instances.Count).Select(async reader =>
        {
            Random random = new(reader);
            while (!done.IsCancellationRequested)
                answers.Enqueue(await api.GetProductAsync(reader % api.Instances.Count, random.Next(1, 500)));
        }));

    /// <summary>Writes to the primary, past the Api, so that its log grows.</summary>
    private static async Task WriteAsync(TestPostgresPrimary primary, CancellationToken done)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(primary.ConnectionString);
        while (!done.IsCancellationRequested)
        {
            await using NpgsqlCommand update = source.CreateCommand("update products set view_count = view_count + 1 where id = 7");
            await update.ExecuteNonQueryAsync(CancellationToken.None);
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
