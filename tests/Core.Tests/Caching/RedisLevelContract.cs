using CsCheck;
using NpgsqlTypes;
using StackExchange.Redis;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

public sealed class RedisLevelOnRedisTests(PostgresFixture postgres, RedisFixture redis) : RedisLevelContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await redis.StartedAsync()).Connection;
}

public sealed class RedisLevelOnGarnetTests(PostgresFixture postgres, GarnetFixture garnet) : RedisLevelContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

public sealed class RedisLevelOnClusterTests(PostgresFixture postgres, RedisClusterFixture cluster) : RedisLevelContract(postgres)
{
    protected override async Task<string> ServerAsync() => (await cluster.StartedAsync()).Connection;
}

/// <summary>What the scripts promise, on every server that runs them.</summary>
public abstract class RedisLevelContract(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);
    private static readonly CachePolicy Lists = new("list", TimeSpan.FromHours(1), IsVersioned: false);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private CacheInstance _instance = null!;
    private ConnectionMultiplexer _connection = null!;

    private RedisLevel Level => _instance.Redis;

    protected abstract Task<string> ServerAsync();

    public async ValueTask InitializeAsync()
    {
        string server = await ServerAsync();
        _instance = await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(), server, ("Cache:LeaseLife", TimeSpan.FromMilliseconds(400)));
        _connection = await ConnectionMultiplexer.ConnectAsync(server);
    }

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_stored_is_read_back_with_its_time()
    {
        CacheKey key = NewKey(Rows);
        StoreReply stored = Answered(await Level.StoreWrittenAsync(key, TestRow.At(3), Hour, default));

        StoredEntry read = Answered(await Level.ReadAsync(key))!;

        Assert.Equal((StoredKind.Present, 3, stored.StoredAt), (read.Kind, read.Order, read.StoredAt));
        Assert.Equal(TestRow.At(3).Body.ToArray(), read.Representation!.Body.ToArray());
        Assert.InRange(read.StoredAt - _instance.Gate.Clock.NowMilliseconds, -10_000, 10_000);
    }

    [Fact]
    public async Task An_older_row_never_replaces_a_newer_one()
    {
        CacheKey key = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(5), Hour, default));

        StoreReply refused = Answered(await Level.StoreWrittenAsync(key, TestRow.At(4), Hour, default));

        Assert.Equal(5, refused.Newer!.Order);
        Assert.Equal(5, Answered(await Level.ReadAsync(key))!.Order);
    }

    [Fact]
    public async Task A_negative_entry_never_replaces_a_row()
    {
        CacheKey key = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(1), Hour, default));

        StoreReply refused = Answered(await Level.StoreLoadedAsync(key, null, Hour, token: 1));

        Assert.Equal(1, refused.Newer!.Order);
    }

    [Fact]
    public async Task A_tombstone_refuses_what_is_older_and_gives_way_to_what_is_not()
    {
        CacheKey key = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(5), Hour, default));

        Assert.True(await Level.FenceAsync([new Invalidation(key.Name, 6)]));

        Assert.Equal(StoredKind.Tombstone, Answered(await Level.ReadAsync(key))!.Kind);
        Assert.Equal(StoredKind.Tombstone, Answered(await Level.StoreLoadedAsync(key, TestRow.At(5), Hour, token: 1)).Newer!.Kind);
        Assert.Null(Answered(await Level.StoreLoadedAsync(key, TestRow.At(6), Hour, token: 1)).Newer);
    }

    [Fact]
    public async Task A_tombstone_does_not_touch_what_is_as_new()
    {
        CacheKey key = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(6), Hour, default));

        Assert.True(await Level.FenceAsync([new Invalidation(key.Name, 6)]));

        Assert.Equal(StoredKind.Present, Answered(await Level.ReadAsync(key))!.Kind);
    }

    [Fact]
    public async Task One_caller_gets_the_lease_and_the_others_wait()
    {
        CacheKey key = NewKey(Rows);

        LeaseReply[] replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => Answered(await Level.LeaseAsync(key, 0))));

        Assert.Single(replies, reply => reply.Token is not null);
        Assert.Equal(19, replies.Count(reply => reply.HeldFor > TimeSpan.Zero));
    }

    [Fact]
    public async Task A_lease_that_is_not_given_back_ends_by_itself()
    {
        CacheKey key = NewKey(Rows);
        long? first = Answered(await Level.LeaseAsync(key, 0)).Token;

        await Eventually.HoldsAsync(
            async () => Answered(await Level.LeaseAsync(key, 0)).Token is { } second && second > first,
            "the next caller gets a greater token",
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Storing_gives_the_lease_back_and_a_late_holder_cannot_give_back_another_s()
    {
        CacheKey key = NewKey(Rows);
        long first = Answered(await Level.LeaseAsync(key, 0)).Token!.Value;
        Answered(await Level.StoreLoadedAsync(key, TestRow.At(1), Hour, first));
        long stored = Answered(await Level.ReadAsync(key))!.StoredAt;
        long second = Answered(await Level.LeaseAsync(key, stored)).Token!.Value;

        Answered(await Level.ReleaseAsync(key, first));

        Assert.NotEqual(first, second);
        Assert.Null(Answered(await Level.LeaseAsync(key, stored)).Token);
    }

    [Fact]
    public async Task Asking_for_a_lease_finds_what_came_meanwhile()
    {
        CacheKey key = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(1), Hour, default));

        Assert.Equal(1, Answered(await Level.LeaseAsync(key, seen: 0)).Entry!.Order);
    }

    [Fact]
    public async Task Without_versions_the_later_lease_wins()
    {
        CacheKey key = NewKey(Lists);
        long first = Answered(await Level.LeaseAsync(key, 0)).Token!.Value;
        Answered(await Level.ReleaseAsync(key, first));
        long second = Answered(await Level.LeaseAsync(key, 0)).Token!.Value;

        Answered(await Level.StoreLoadedAsync(key, new Representation("2"u8.ToArray(), 0), Hour, second));
        StoreReply late = Answered(await Level.StoreLoadedAsync(key, new Representation("1"u8.ToArray(), 0), Hour, first));

        Assert.Equal("2"u8.ToArray(), late.Newer!.Representation!.Body.ToArray());
    }

    [Fact]
    public async Task Tokens_grow_even_when_the_clock_was_set_back()
    {
        CacheKey key = NewKey(Lists);
        // What an hour ahead of this clock has left behind.
        long ahead = (_instance.Gate.Clock.NowMilliseconds + 3_600_000) * 1_000;
        await _connection.GetDatabase().StringSetAsync(key.Entry, $"P {ahead} 1 1 - \"0-0123456789ab\"\n[]");

        long token = Answered(await Level.LeaseAsync(key, seen: long.MaxValue / 1024)).Token!.Value;

        Assert.True(token > ahead);
    }

    [Fact]
    public async Task Who_waits_is_told_and_so_are_the_other_instances_of_a_write()
    {
        CacheKey key = NewKey(Rows);
        TaskCompletionSource<string> loaded = new(), written = new();
        ISubscriber subscriber = _connection.GetSubscriber();
        await subscriber.SubscribeAsync(RedisChannel.Literal(LoadSignals.Channel), (_, message) =>
        {
            if (message == key.Entry.ToString())
                loaded.TrySetResult(message.ToString());
        });
        await subscriber.SubscribeAsync(RedisChannel.Literal(Invalidation.Channel), (_, message) =>
        {
            if (message.ToString().EndsWith(key.Name, StringComparison.Ordinal))
                written.TrySetResult(message.ToString());
        });
        long token = Answered(await Level.LeaseAsync(key, 0)).Token!.Value;
        Answered(await Level.LeaseAsync(key, 0));

        Answered(await Level.StoreLoadedAsync(key, TestRow.At(1), Hour, token));
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(2), Hour, default));

        Assert.Equal(key.Entry.ToString(), await loaded.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal($"2 {key.Name}", await written.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_is_to_load_is_told_where_the_last_write_is()
    {
        CacheKey key = NewKey(Rows), other = NewKey(Rows);
        long inThePast = (_instance.Gate.Clock.NowMilliseconds - 60_000) * 1_000;
        NpgsqlLogSequenceNumber written = new((1UL << 52) + 1), earlier = new(1UL << 52);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(2), Hour, written));
        // Told later and refused: the greater position stays.
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(1), Hour, earlier));
        Answered(await Level.StoreLoadedAsync(key, TestRow.At(2), Hour, inThePast));

        LeaseReply lease = Answered(await Level.LeaseAsync(key, seen: long.MaxValue / 1024));
        TimeSpan? life = await _connection.GetDatabase().KeyTimeToLiveAsync(key.Position);

        Assert.NotNull(lease.Token);
        Assert.Equal(written, lease.Written);
        Assert.InRange(life!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(NpgsqlLogSequenceNumber.Invalid, Answered(await Level.LeaseAsync(other, 0)).Written);
    }

    [Theory]
    [InlineData("18446744073709551615")]
    [InlineData("nonsense")]
    public async Task A_position_that_cannot_be_compared_sends_the_load_to_the_primary(string stored)
    {
        CacheKey key = NewKey(Rows);
        await _connection.GetDatabase().StringSetAsync(key.Position, stored);

        Assert.Equal(ShopDatabase.Newest, Answered(await Level.LeaseAsync(key, 0)).Written);
    }

    [Fact]
    public async Task Entries_are_gone_after_the_fail_safe_life()
    {
        CacheKey key = NewKey(Rows), missing = NewKey(Rows);
        Answered(await Level.StoreWrittenAsync(key, TestRow.At(1), TimeSpan.FromSeconds(1), default));
        Answered(await Level.StoreLoadedAsync(missing, null, TimeSpan.FromSeconds(30), token: 1));

        TimeSpan? row = await _connection.GetDatabase().KeyTimeToLiveAsync(key.Entry);
        TimeSpan? negative = await _connection.GetDatabase().KeyTimeToLiveAsync(missing.Entry);

        Assert.InRange(row!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.InRange(negative!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    }

    private abstract record Step
    {
        public sealed record Store(long Version) : Step;

        public sealed record Fence(long Version) : Step;

        public sealed record StoreNothing : Step;

        public sealed record Evict : Step;
    }

    /// <summary>The model: the highest version stored or fenced since the entry was last evicted.</summary>
    [Fact]
    public async Task Random_histories_never_lower_the_version()
    {
        Gen<Step[]> histories = Gen.Frequency(
            (4, Gen.Long[1, 9].Select(version => (Step)new Step.Store(version))),
            (2, Gen.Long[1, 9].Select(version => (Step)new Step.Fence(version))),
            (1, Gen.Const((Step)new Step.StoreNothing())),
            (1, Gen.Const((Step)new Step.Evict()))).Array[1, 12];

        await histories.SampleAsync(async history =>
        {
            CacheKey key = NewKey(Rows);
            (StoredKind Kind, long Version)? model = null;
            foreach (Step step in history)
            {
                switch (step)
                {
                    case Step.Store(long version):
                        StoreReply reply = Answered(await Level.StoreWrittenAsync(key, TestRow.At(version), Hour, default));
                        Assert.Equal(model is { } newer && newer.Version > version, reply.Newer is not null);
                        if (reply.Newer is null)
                            model = (StoredKind.Present, version);
                        break;
                    case Step.Fence(long version):
                        Assert.True(await Level.FenceAsync([new Invalidation(key.Name, version)]));
                        if (model is null || model.Value.Version < version)
                            model = (StoredKind.Tombstone, version);
                        break;
                    case Step.StoreNothing:
                        Answered(await Level.StoreLoadedAsync(key, null, Hour, token: 1));
                        model ??= (StoredKind.Negative, 0);
                        break;
                    case Step.Evict:
                        await _connection.GetDatabase().KeyDeleteAsync(key.Entry);
                        model = null;
                        break;
                }

                StoredEntry? stored = Answered(await Level.ReadAsync(key));
                Assert.Equal(model, stored is null ? null : (stored.Kind, stored.Order));
            }
        }, iter: 200, threads: 1);
    }

    private static CacheKey NewKey(CachePolicy policy) => policy.Key(Guid.NewGuid().ToString("N"));

    private static T Answered<T>(RedisReply<T> reply)
    {
        Assert.True(reply.Answered, "Redis did not answer");
        return reply.Value;
    }
}
