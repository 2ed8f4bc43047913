using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

public sealed class ViewQueueOnRedisTests(PostgresFixture postgres, RedisFixture redis) : ViewQueueContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await redis.StartedAsync()).Connection;
}

public sealed class ViewQueueOnGarnetTests(PostgresFixture postgres, GarnetFixture garnet) : ViewQueueContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

public sealed class ViewQueueOnClusterTests(PostgresFixture postgres, RedisClusterFixture cluster) : ViewQueueContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await cluster.StartedAsync()).Connection;
}

/// <summary>What the queue promises, on every server that runs its scripts.</summary>
[Collection(nameof(ViewQueueContract))]
public abstract class ViewQueueContract(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly RedisKey QueueKey = "tb:{views}:queue";

    private readonly string _sender = Guid.NewGuid().ToString("N");
    private CacheInstance _instance = null!;
    private ConnectionMultiplexer _connection = null!;

    private ViewQueue Queue => _instance.Services.GetRequiredService<ViewQueue>();

    protected abstract Task<string> ServerAsync();

    public async ValueTask InitializeAsync()
    {
        string server = await ServerAsync();
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        _instance = await CacheInstance.StartAsync(database, server, static services => services.AddViewMover());
        _connection = await ConnectionMultiplexer.ConnectAsync(server);
        await _connection.GetDatabase().KeyDeleteAsync(QueueKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Batches_come_out_in_the_order_in_which_they_went_in()
    {
        foreach (long sequence in (long[])[1, 2, 3])
            Assert.Equal(QueueOutcome.Queued, await Queue.AddAsync(Batch(sequence)));

        Assert.Equal([Batch(1).Write(), Batch(2).Write()], await PeekAsync(2));
        Assert.Equal([Batch(1).Write(), Batch(2).Write(), Batch(3).Write()], await PeekAsync(100));
    }

    [Fact]
    public async Task A_batch_that_is_sent_again_is_there_once()
    {
        await Queue.AddAsync(Batch(1));
        Assert.Equal(QueueOutcome.Queued, await Queue.AddAsync(Batch(1)));
        await Queue.AddAsync(Batch(2));
        Assert.Equal(QueueOutcome.Queued, await Queue.AddAsync(Batch(1)));
        await Queue.RemoveAsync([Batch(1).Write(), Batch(2).Write()]);
        Assert.Equal(QueueOutcome.Queued, await Queue.AddAsync(Batch(2)));

        Assert.Empty(await PeekAsync(100));
    }

    [Fact]
    public async Task A_full_queue_takes_nothing_and_takes_the_same_batch_later()
    {
        IDatabase redis = _connection.GetDatabase();
        await redis.ListRightPushAsync(QueueKey, [.. Enumerable.Repeat((RedisValue)"x", ViewQueue.MostBatches)]);

        Assert.Equal(QueueOutcome.Full, await Queue.AddAsync(Batch(1)));
        await redis.ListLeftPopAsync(QueueKey);
        Assert.Equal(QueueOutcome.Queued, await Queue.AddAsync(Batch(1)));
        Assert.Equal(Batch(1).Write(), (string?)await redis.ListGetByIndexAsync(QueueKey, -1));
    }

    [Fact]
    public async Task Only_what_was_looked_at_is_removed()
    {
        foreach (long sequence in (long[])[1, 2, 3])
            await Queue.AddAsync(Batch(sequence));
        string[] seen = await PeekAsync(2);

        Assert.True(await Queue.RemoveAsync(seen));
        // As one does that was held up after looking, when another has been quicker.
        Assert.True(await Queue.RemoveAsync(seen));

        Assert.Equal([Batch(3).Write()], await PeekAsync(100));
    }

    [Fact]
    public async Task What_is_no_batch_is_removed_like_one()
    {
        await _connection.GetDatabase().ListRightPushAsync(QueueKey, ["no batch", "one\nwith a second line"]);
        await Queue.AddAsync(Batch(1));

        Assert.True(await Queue.RemoveAsync(await PeekAsync(2)));

        Assert.Equal([Batch(1).Write()], await PeekAsync(100));
    }

    private ViewBatch Batch(long sequence) => new(_sender, sequence, 400_000, [new(sequence, 1), new(7, 2)]);

    private async Task<string[]> PeekAsync(int most)
    {
        RedisReply<string[]> reply = await Queue.PeekAsync(most);
        Assert.True(reply.Answered, "Redis did not answer");
        return reply.Value;
    }
}
