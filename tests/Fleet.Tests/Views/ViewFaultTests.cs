using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>Instances that count views while Redis fails.</summary>
public sealed class ViewFaultTests(PostgresFixture postgres)
{
    private const int MostRounds = 20;

    private static readonly (string, object) OftenSent = ("Views__FlushInterval", "00:00:00.100");
    private static readonly (string, object) SentAtTheEnd = ("Views__FlushInterval", "00:01:00");
    private static readonly TimeSpan LongerThanAnyBudget = TimeSpan.FromMilliseconds(700);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_redis_has_taken_without_being_able_to_say_so_counts_once()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using FaultProxy road = FaultProxy.Start(redis.Port);
        await using ApiFleet fleet = await ApiFleet.StartAsync(2, database, $"127.0.0.1:{road.Port}", budget: null, OftenSent);
        ViewBook book = new(fleet);
        using CancellationTokenSource done = new();
        Task reading = book.ReadUntilAsync(done.Token, 0, 1);

        int taken = 0;
        for (int round = 0; taken < 3; round++)
        {
            Assert.True(round < MostRounds, "Redis hardly ever takes what it cannot answer");
            await GrowsAsync(queued);
            road.ToClient.Stall();
            // An instance that has found out before it has sent anything sends nothing.
            if (await HasGrownAsync(queued))
                taken++;
            // No reply comes any more, however long one waits.
            road.Cut();
            await road.RestoreAsync();

            await GrowsAsync(queued);
            redis.Stop();
            // What is sent now is done when it goes on, when nobody waits for it any more.
            await Task.Delay(LongerThanAnyBudget, Token);
            redis.Continue();
        }

        await done.CancelAsync();
        await reading;
        await FindRedisAsync(fleet);
        await fleet.DisposeAsync();
        await using ViewMoverApp mover = await ViewMoverApp.StartAsync(database, redis.Connection);
        await mover.MoveAllAsync();
        await counted.AssertAreAsync(book);
    }

    [Fact]
    public async Task A_queue_that_is_lost_takes_nothing_with_it_that_comes_later_and_adds_nothing()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using ApiFleet fleet = await ApiFleet.StartAsync(2, database, redis.Connection, budget: null, OftenSent);
        await using ViewMoverApp mover = await ViewMoverApp.StartAsync(database, redis.Connection);
        ViewBook book = new(fleet);
        using CancellationTokenSource done = new();
        Task reading = book.ReadUntilAsync(done.Token, 0, 1);

        for (int round = 0; round < 5; round++)
        {
            await GrowsAsync(queued);
            // One round flushes a queue of which a part is counted, the next one a queue of which nothing is.
            await (round % 2 == 0 ? Task.WhenAll(mover.MoveAsync(), redis.FlushAsync(Token)) : redis.FlushAsync(Token));
        }

        await done.CancelAsync();
        await reading;
        ViewBook after = new(fleet);
        await after.ReadAsync(1_000, 0, 1);
        await FindRedisAsync(fleet);
        await fleet.DisposeAsync();
        await mover.MoveAllAsync();

        Assert.Equal(after.Asked, after.Answered);
        await counted.AssertBetweenAsync(
            least: after.Answered, most: [.. book.Answered.Zip(after.Answered, static (before, later) => before + later)]);
    }

    [Fact]
    public async Task An_instance_that_is_told_to_stop_loses_nothing()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using ApiFleet fleet = await ApiFleet.StartAsync([new() { OwnProcess = true }], database, redis.Connection, budget: null, SentAtTheEnd);
        ViewBook book = new(fleet);
        await book.ReadAsync(2_000, 0);
        Assert.Equal(0, await queued.BatchesAsync());

        await fleet.DisposeAsync();

        Assert.Equal(2_000, await queued.ViewsAsync());
        await using ViewMoverApp mover = await ViewMoverApp.StartAsync(database, redis.Connection);
        await mover.MoveAllAsync();
        await counted.AssertAreAsync(book);
    }

    [Fact]
    public async Task An_instance_that_stops_while_it_still_has_a_batch_of_before_sends_what_it_has_counted_since()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(1, database, redis.Connection, budget: null, SentAtTheEnd);
        ViewBook book = new(fleet);
        await FindRedisAsync(fleet);
        await book.ReadAsync(100, 0);
        redis.Stop();
        await fleet.Instances[0].Services.GetRequiredService<ViewSender>().SendAsync();
        await book.ReadAsync(100, 0);
        redis.Continue();
        await FindRedisAsync(fleet);

        await fleet.DisposeAsync();

        await using ViewMoverApp mover = await ViewMoverApp.StartAsync(database, redis.Connection);
        await mover.MoveAllAsync();
        await counted.AssertAreAsync(book);
    }

    private static async Task GrowsAsync(QueuedViews queued)
    {
        long before = await queued.BatchesAsync();
        await Eventually.HoldsAsync(async () => await queued.BatchesAsync() > before, "more comes into the queue", Token);
    }

    private static async Task<bool> HasGrownAsync(QueuedViews queued)
    {
        long before = await queued.BatchesAsync();
        await Task.Delay(LongerThanAnyBudget, Token);
        return await queued.BatchesAsync() > before;
    }

    // An instance that is told to stop while Redis is away cannot do what is tested here.
    private static Task FindRedisAsync(ApiFleet fleet) => Eventually.HoldsAsync(
        () => fleet.Instances.All(static instance => instance.Services.GetRequiredService<RedisGate>().IsAvailable), "every instance finds Redis", Token);
}
