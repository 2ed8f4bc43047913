using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>An instance that counts views and the app that moves them, both killed (SIGKILL).</summary>
public sealed class KilledCounterTests(PostgresFixture postgres)
{
    private const int Killed = 0;
    private static readonly int[] All = [Killed, 1, 2];
    private static readonly int[] Others = [1, 2];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_counts_twice_and_only_what_the_killed_instance_had_not_sent_is_lost()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            [new() { OwnProcess = true }, new(), new()], database, redis.Connection, budget: null, ("Views__FlushInterval", "00:00:00.200"));

        ViewBook before = new(fleet);
        await before.ReadAsync(10_000, All);
        await Eventually.HoldsAsync(async () => await queued.ViewsAsync() == before.AnsweredInAll, "every read is in the queue", Token);
        await KillBeforeCommitAsync(database, redis);
        Assert.Equal((before.AnsweredInAll, 0), (await queued.ViewsAsync(), await counted.InAllAsync()));
        await KillBeforeRemovalAsync(database, redis, counted);
        Assert.Equal(before.AnsweredInAll, await queued.ViewsAsync());
        Assert.InRange(await counted.InAllAsync(), 1, before.AnsweredInAll);

        ViewBook killed = new(fleet), beside = new(fleet);
        Task victim = killed.ReadUntilKilledAsync(Killed);
        Task others = beside.ReadAsync(8_000, Others);
        await Eventually.HoldsAsync(() => killed.AnsweredInAll > 1_500, "the instance is read", Token);
        await fleet.Instances[Killed].KillAsync();
        await victim;
        await others;
        await fleet.Instances[Killed].RestartAsync(Token);
        ViewBook after = new(fleet);
        await after.ReadAsync(1_000, All);
        await fleet.DisposeAsync();
        await using WarmupProcess mover = await WarmupProcess.StartAsync(database, redis.Connection);
        await Eventually.HoldsAsync(
            async () => WarmupProcess.IsComplete(await mover.RunAsync(WarmupProcess.MoveProductViews)), "the queue is empty", Token);

        Assert.Equal(0, await queued.BatchesAsync());
        await counted.AssertBetweenAsync(
            least: Sum(before.Answered, beside.Answered, after.Answered), most: Sum(before.Asked, beside.Asked, after.Asked, killed.Asked));
    }

    private static async Task KillBeforeCommitAsync(string database, TestRedis redis)
    {
        await using WarmupProcess mover = await WarmupProcess.StartAsync(database, redis.Connection);
        await using HeldTransactions held = await HeldTransactions.InTheirChangesAsync(database);
        await mover.BeginAsync(WarmupProcess.MoveProductViews);
        await held.HasOneAsync();
        await mover.KillAsync();
    }

    private static async Task KillBeforeRemovalAsync(string database, TestRedis redis, CountedViews counted)
    {
        // Closed while it is stalled: what the mover has sent never arrives.
        await using FaultProxy road = FaultProxy.Start(redis.Port);
        await using WarmupProcess mover = await WarmupProcess.StartAsync(database, $"127.0.0.1:{road.Port}");
        await using (HeldTransactions held = await HeldTransactions.InTheirChangesAsync(database))
        {
            await mover.BeginAsync(WarmupProcess.MoveProductViews);
            await held.HasOneAsync();
            road.ToServer.Stall();
        }

        await Eventually.HoldsAsync(counted.AnyBatchAsync, "the batches are counted", Token);
        await mover.KillAsync();
    }

    private static long[] Sum(params IReadOnlyList<long>[] counts) =>
        [.. Enumerable.Range(0, ViewBook.Products + 1).Select(product => counts.Sum(count => count[product]))];
}
