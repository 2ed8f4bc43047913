using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>Moving views while others do, and while it is held up at any of its moments.</summary>
public sealed class ViewMoverTests(PostgresFixture postgres)
{
    private static readonly long ThisHour = ViewLedger.HourOf(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_at_the_same_time_count_every_batch_once()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ViewMoverApp one = await ViewMoverApp.StartAsync(database, redis.Connection);
        await using ViewMoverApp other = await ViewMoverApp.StartAsync(database, redis.Connection);
        long moved = 0;
        for (int sequence = 1; sequence <= 60; sequence++)
        {
            await AddAsync(one, "a", sequence);
            await AddAsync(other, "b", sequence);
            MovedViews[] moves = await Task.WhenAll(one.MoveAsync(), other.MoveAsync(), one.MoveAsync(), AddAndMoveAsync(other, sequence));
            moved += moves.Sum(static move => move.Views);
        }

        moved += (await one.MoveAsync()).Views;
        Assert.Equal((180, 180), (moved, await counted.InAllAsync()));

        static async Task<MovedViews> AddAndMoveAsync(ViewMoverApp app, int sequence)
        {
            await AddAsync(app, "c", sequence);
            return await app.MoveAsync();
        }
    }

    [Fact]
    public async Task One_that_is_frozen_between_commit_and_removal_neither_counts_twice_nor_removes_what_came_since()
    {
        string database = await postgres.CreateDatabaseAsync();
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using FaultProxy road = FaultProxy.Start(redis.Port);
        await using ViewMoverApp frozen = await ViewMoverApp.StartAsync(database, $"127.0.0.1:{road.Port}");
        await using ViewMoverApp other = await ViewMoverApp.StartAsync(database, redis.Connection);
        for (int round = 0; round < 3; round++)
        {
            await AddAsync(other, "a", 1 + 2 * round);
            Task<MovedViews> move;
            await using (HeldTransactions held = await HeldTransactions.InTheirChangesAsync(database))
            {
                move = frozen.MoveAsync();
                await held.HasOneAsync();
                road.ToServer.Stall();
            }

            Assert.Equal(new MovedViews(1, 0, "Redis does not answer"), await move);
            Assert.Equal(1, await queued.BatchesAsync());

            // A repetition, and all over again.
            Assert.Equal(new MovedViews(0, 0, null), await other.MoveAsync());
            await AddAsync(other, "a", 2 + 2 * round);
            road.ToServer.Flow();
            await frozen.FindsRedisAsync();
            Assert.Equal(1, await queued.BatchesAsync());
            await other.MoveAllAsync();
            Assert.Equal(2 + 2 * round, await counted.InAllAsync());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_hangs_in_the_middle_of_a_move_counts_once(bool inCommit)
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        CountedViews counted = await CountedViews.BeginAsync(database);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using QueuedViews queued = await QueuedViews.ConnectAsync(redis.Connection);
        await using ViewMoverApp mover = await ViewMoverApp.StartAsync(
            database, redis.Connection, ("Postgres__WriteBudget", "00:00:01"), ("Postgres__StatementTimeout", "00:01:00"));
        await AddAsync(mover, "a", 1);
        await AddAsync(mover, "b", 1);

        MovedViews moved;
        await using (HeldTransactions held = await (
            inCommit ? HeldTransactions.InTheirCommitAsync(database) : HeldTransactions.InTheirChangesAsync(database)))
        {
            Task<MovedViews> move = mover.MoveAsync();
            await held.HasOneAsync();
            server.Stop();
            moved = await move;
            server.Continue();
        }

        Assert.Equal(0, moved.Views);
        Assert.Contains("Whether it was written is not known", moved.EndedEarly, StringComparison.Ordinal);
        Assert.Equal(2, await queued.BatchesAsync());
        // What was held up goes on by itself: nobody waits for it, and it commits.
        await Eventually.HoldsAsync(counted.AnyBatchAsync, "it is counted", Token);

        await mover.MoveAllAsync();
        Assert.Equal((2L, 0L), (await counted.InAllAsync(), await queued.BatchesAsync()));
        await AddAsync(mover, "a", 2);
        await mover.MoveAllAsync();
        Assert.Equal(3, await counted.InAllAsync());
    }

    private static async Task AddAsync(ViewMoverApp app, string sender, long sequence)
    {
        ViewBatch batch = new(sender, sequence, ThisHour, [new ProductViews(7, 1)]);
        // A busy machine may take longer to answer than a budget, and to try again is what the queue is for.
        await Eventually.HoldsAsync(async () => await app.Queue.AddAsync(batch) == QueueOutcome.Queued, "the batch is in the queue", Token);
    }
}
