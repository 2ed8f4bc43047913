using TByte.Functions.Caching;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>A reader that has read the old row and is held up while a new one is written.</summary>
public sealed class SlowReaderTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);

    private readonly TestRow _row = new();
    private readonly TaskCompletionSource _slow = new();

    private CacheKey Key => Rows.Key(_row.Id);

    /// <summary>Fails without the fence: then the reader is answered with its old row.</summary>
    [Fact]
    public async Task Does_not_bring_the_old_row_back_into_memory()
    {
        await using CacheInstance instance = await StartAsync("");
        Task<CacheAnswer> reading = await ReadOldRowAsync(instance);

        // As the push does it: nothing is put into memory that could stand in the old row's way.
        instance.Memory.Invalidate(Key.Name, 2);
        _slow.SetResult();

        Assert.Equal(2, (await reading).Representation!.Version);
        Assert.Equal(2, (await ReadAsync(instance)).Representation!.Version);
        Assert.Equal(2, instance.Memory.Find(Key.Name)!.Version);
    }

    /// <summary>Fails without the comparison in store.lua: this reader's instance has heard of nothing.</summary>
    [Fact]
    public async Task Does_not_bring_the_old_row_back_into_redis()
    {
        string server = (await redis.StartedAsync()).Connection;
        await using CacheInstance reader = await StartAsync(server), writer = await StartAsync(server);
        Task<CacheAnswer> reading = await ReadOldRowAsync(reader);

        await writer.Redis.StoreWrittenAsync(Key, TestRow.At(2), TimeSpan.FromHours(1), default);
        _slow.SetResult();

        Assert.Equal(2, (await reading).Representation!.Version);
        Assert.Equal(2, reader.Memory.Find(Key.Name)!.Version);
        Assert.Equal(2, (await writer.Redis.ReadAsync(Key)).Value!.Order);
    }

    /// <summary>Fails without tombstones: the entry that the reader's row would have been compared with is not there.</summary>
    [Fact]
    public async Task Does_not_get_past_a_replayed_write()
    {
        string server = (await redis.StartedAsync()).Connection;
        await using CacheInstance reader = await StartAsync(server), replaying = await StartAsync(server);
        Task<CacheAnswer> reading = await ReadOldRowAsync(reader);

        await replaying.Redis.FenceAsync([new Invalidation(Key.Name, 2)]);
        _slow.SetResult();

        Assert.Equal(2, (await reading).Representation!.Version);
        Assert.Equal(2, (await replaying.Redis.ReadAsync(Key)).Value!.Order);
    }

    /// <summary>Returns when the reader holds version 1 and the database has version 2.</summary>
    private async Task<Task<CacheAnswer>> ReadOldRowAsync(CacheInstance instance)
    {
        _row.Meanwhile = () => _slow.Task;
        Task<CacheAnswer> reading = ReadAsync(instance).AsTask();
        await Eventually.HoldsAsync(() => _row.Loads == 1, "the reader holds the old row", TestContext.Current.CancellationToken);
        _row.Version = 2;
        _row.Meanwhile = () => Task.CompletedTask;
        return reading;
    }

    private ValueTask<CacheAnswer> ReadAsync(CacheInstance instance) =>
        instance.Cache.GetAsync(Rows, _row.Id, _row, static (row, _) => row.LoadAsync(), TestContext.Current.CancellationToken);

    private async Task<CacheInstance> StartAsync(string server) =>
        await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(ShopContents.Schema), server);
}
