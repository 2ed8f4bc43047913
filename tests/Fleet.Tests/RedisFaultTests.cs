using System.Collections.Concurrent;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Redis killed and hung in the middle of load, with the budgets that apps have by default.</summary>
public sealed class RedisFaultTests(PostgresFixture postgres)
{
    private const int Instances = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task Nothing_fails_while_redis_is_away_and_caches_work_when_it_is_back(string fault)
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, await postgres.CreateDatabaseAsync(), redis.Connection);
        ConcurrentBag<ProductAnswer> answers = [];
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fleet, answers, done.Token);
        await Eventually.HoldsAsync(() => answers.Count > 300, "the load runs", Token);

        if (fault == "killed")
            await redis.KillAsync();
        else
            redis.Stop();
        int before = answers.Count;
        await Eventually.HoldsAsync(() => answers.Count > before + 1_000, "the load goes on", Token);

        if (fault == "killed")
            await redis.RestartAsync(Token);
        else
            redis.Continue();
        await done.CancelAsync();
        await load;

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        long cold = 400;
        await Eventually.HoldsAsync(
            async () =>
            {
                cold++;
                await fleet.GetProductAsync(0, cold);
                return (await fleet.GetProductAsync(1, cold)).CacheStatus.StartsWith("tbyte-l2; hit", StringComparison.Ordinal);
            },
            "one instance reads from Redis what another has put there",
            Token);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task Nothing_fails_while_one_node_of_a_cluster_is_away(string fault)
    {
        await using TestRedisCluster redis = await TestRedisCluster.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, await postgres.CreateDatabaseAsync(), redis.Connection);
        ConcurrentBag<ProductAnswer> answers = [];
        using CancellationTokenSource done = new();
        Task load = LoadAsync(fleet, answers, done.Token);
        await Eventually.HoldsAsync(() => answers.Count > 300, "the load runs", Token);

        TestRedis node = redis.Nodes[1];
        if (fault == "killed")
            await node.KillAsync();
        else
            node.Stop();
        int before = answers.Count;
        await Eventually.HoldsAsync(() => answers.Count > before + 1_000, "the load goes on", Token);

        if (fault == "killed")
            await node.RestartAsync(Token);
        else
            node.Continue();
        await done.CancelAsync();
        await load;

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        long cold = 400;
        for (int found = 0; found < 10; found++)
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    cold++;
                    await fleet.GetProductAsync(0, cold);
                    return (await fleet.GetProductAsync(1, cold)).CacheStatus.StartsWith("tbyte-l2; hit", StringComparison.Ordinal);
                },
                "one instance reads from Redis what another has put there",
                Token);
        }
    }

    [Fact]
    public async Task A_write_while_redis_hangs_leaves_no_old_row_once_redis_is_back()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, database, redis.Connection);
        for (int instance = 0; instance < Instances; instance++)
            await fleet.GetProductAsync(instance, 7);

        redis.Stop();
        ProductAnswer written = await fleet.PutProductAsync(0, 7, price: 12.34m);
        redis.Continue();

        Assert.Equal((200, 2L), (written.Status, written.Version));
        Assert.Equal(2, (await fleet.GetProductAsync(0, 7)).Version);
        for (int instance = 1; instance < Instances; instance++)
        {
            await Eventually.HoldsAsync(
                async () => (await fleet.GetProductAsync(instance, 7)).Version == 2, "the new row", Token);
        }

        // Whoever comes later finds nothing older in Redis either.
        await using ApiFleet late = await ApiFleet.StartAsync(1, database, redis.Connection);
        Assert.Equal(2, (await late.GetProductAsync(0, 7)).Version);
    }

    private static async Task LoadAsync(ApiFleet fleet, ConcurrentBag<ProductAnswer> answers, CancellationToken done)
    {
        await Task.WhenAll(Enumerable.Range(0, 2 * Instances).Select(async reader =>
        {
            Random random = new(reader);
            while (!done.IsCancellationRequested)
                answers.Add(await fleet.GetProductAsync(reader % Instances, random.Next(1, 400)));
        }));
    }
}
