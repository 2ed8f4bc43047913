using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>Several instances over one real Redis; the database is a row that tests change and delay.</summary>
public sealed class ReadThroughCacheTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);
    private static readonly CachePolicy Lists = new("list", TimeSpan.FromHours(1), IsVersioned: false);

    [Fact]
    public async Task The_first_read_loads_the_second_hits_memory_another_instance_hits_redis()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        TestRow row = new();

        Assert.Equal(CacheOutcome.Miss, (await ReadAsync(one, row)).Outcome);
        Assert.Equal(CacheOutcome.MemoryHit, (await ReadAsync(one, row)).Outcome);
        Assert.Equal(CacheOutcome.RedisHit, (await ReadAsync(other, row)).Outcome);
        Assert.Equal(CacheOutcome.MemoryHit, (await ReadAsync(other, row)).Outcome);
        Assert.Equal(1, row.Loads);
    }

    [Fact]
    public async Task A_thousand_readers_on_three_instances_load_once()
    {
        await using CacheInstance one = await StartAsync(), two = await StartAsync(), three = await StartAsync();
        TestRow row = new() { Meanwhile = () => Task.Delay(100, TestContext.Current.CancellationToken) };
        CacheInstance[] fleet = [one, two, three];

        CacheAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => Task.Run(() => ReadAsync(fleet[i % 3], row).AsTask())));

        Assert.All(answers, answer => Assert.Equal(1, answer.Representation!.Version));
        Assert.Equal(1, row.Loads);
    }

    [Fact]
    public async Task Without_redis_each_instance_loads_once()
    {
        await using CacheInstance one = await StartAsync(redisConnection: ""), other = await StartAsync(redisConnection: "");
        TestRow row = new() { Meanwhile = () => Task.Delay(100, TestContext.Current.CancellationToken) };
        CacheInstance[] fleet = [one, other];

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => ReadAsync(fleet[i % 2], row).AsTask())));

        Assert.Equal(2, row.Loads);
    }

    [Fact]
    public async Task A_load_that_fails_is_taken_over_by_another_instance()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        TestRow row = new();
        TaskCompletionSource failing = new();
        row.Meanwhile = async () =>
        {
            row.Meanwhile = () => Task.CompletedTask;
            await failing.Task;
            throw new DatabaseUnavailableException("no", TimeSpan.FromSeconds(1));
        };

        Task<CacheAnswer> failed = ReadAsync(one, row).AsTask();
        await Eventually.HoldsAsync(() => row.Loads == 1, "the first load began", TestContext.Current.CancellationToken);
        Task<CacheAnswer> waiting = ReadAsync(other, row).AsTask();
        failing.SetResult();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => failed);
        Assert.Equal(1, (await waiting).Representation!.Version);
        Assert.Equal(2, row.Loads);
    }

    [Fact]
    public async Task A_loader_that_died_holds_the_others_up_for_its_lease_only()
    {
        await using CacheInstance one = await StartAsync(("Cache:LeaseLife", "00:00:00.300"));
        TestRow row = new();
        Assert.NotNull((await one.Redis.LeaseAsync(Rows.Key(row.Id), 0)).Value.Token);

        Assert.Equal(1, (await ReadAsync(one, row)).Representation!.Version);
    }

    [Fact]
    public async Task What_does_not_exist_is_remembered_and_appears_when_it_is_written()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        TestRow row = new() { Version = 0 };

        Assert.Null((await ReadAsync(one, row)).Representation);
        Assert.Null((await ReadAsync(one, row)).Representation);
        Assert.Null((await ReadAsync(other, row)).Representation);
        Assert.Equal(1, row.Loads);

        row.Version = 1;
        await one.Cache.WrittenAsync(Rows, row.Id, TestRow.At(1), default);

        Assert.Equal(1, (await ReadAsync(one, row)).Representation!.Version);
        await Eventually.HoldsAsync(
            async () => (await ReadAsync(other, row)).Representation?.Version == 1, "the other instance sees it", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_write_reaches_the_other_instances_by_push()
    {
        // The replay is too rare to be what does it.
        await using CacheInstance one = await StartAsync(("Cache:ReplayInterval", "00:00:04")), other = await StartAsync(("Cache:ReplayInterval", "00:00:04"));
        TestRow row = new();
        await ReadAsync(other, row);

        await Eventually.HoldsAsync(
            async () =>
            {
                // Again and again, because the other instance may not be listening yet.
                row.Version++;
                await one.Cache.WrittenAsync(Rows, row.Id, TestRow.At(row.Version), default);
                return other.Memory.Find(Rows.Key(row.Id).Name) is null;
            },
            "the push drops the old row",
            TestContext.Current.CancellationToken);
        CacheAnswer answer = await ReadAsync(other, row);
        Assert.Equal((row.Version, CacheOutcome.RedisHit), (answer.Representation!.Version, answer.Outcome));
    }

    [Fact]
    public async Task A_stale_entry_answers_while_the_load_hangs_and_the_load_goes_on_behind_it()
    {
        await using CacheInstance instance = await StartAsync(("Cache:MemoryLife", "00:00:00.010"));
        CachePolicy brief = Rows with { Life = TimeSpan.FromMilliseconds(200) };
        TestRow row = new();
        await ReadAsync(instance, row, brief);
        TaskCompletionSource hanging = new();
        row.Version = 2;
        row.Meanwhile = () => hanging.Task;

        await Eventually.HoldsAsync(
            async () => (await ReadAsync(instance, row, brief)).Outcome == CacheOutcome.Stale, "a stale answer", TestContext.Current.CancellationToken);
        CacheAnswer stale = await ReadAsync(instance, row, brief);
        hanging.SetResult();

        Assert.Equal((1, CacheOutcome.Stale), (stale.Representation!.Version, stale.Outcome));
        Assert.True(stale.TimeToLive < TimeSpan.Zero);
        await Eventually.HoldsAsync(
            async () => (await ReadAsync(instance, row, brief)).Representation!.Version == 2, "the load's row", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stale_entry_answers_when_the_load_fails_also_on_an_instance_that_finds_it_in_redis()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        CachePolicy brief = Rows with { Life = TimeSpan.FromMilliseconds(50) };
        TestRow row = new();
        await ReadAsync(one, row, brief);
        row.Meanwhile = () => throw new DatabaseUnavailableException("no", TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(
            async () => (await ReadAsync(one, row, brief)).Outcome == CacheOutcome.Stale, "a stale answer", TestContext.Current.CancellationToken);
        Assert.Equal(CacheOutcome.Stale, (await ReadAsync(other, row, brief)).Outcome);
    }

    [Fact]
    public async Task A_cold_read_gives_up_when_the_load_hangs()
    {
        await using CacheInstance instance = await StartAsync(("Cache:HardTimeout", "00:00:00.300"));
        TaskCompletionSource hanging = new();
        TestRow row = new() { Meanwhile = () => hanging.Task };

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ReadAsync(instance, row).AsTask());
        hanging.SetResult();
    }

    [Fact]
    public async Task Reading_without_pause_refreshes_early_once_for_the_fleet()
    {
        await using CacheInstance one = await StartAsync(("Cache:MemoryLife", "00:00:00.050"), ("Cache:RefreshAfter", 0.3), ("Cache:Jitter", 0));
        await using CacheInstance other = await StartAsync(("Cache:MemoryLife", "00:00:00.050"), ("Cache:RefreshAfter", 0.3), ("Cache:Jitter", 0));
        CachePolicy policy = Rows with { Life = TimeSpan.FromSeconds(20) };
        TestRow row = new();
        List<CacheOutcome> outcomes = [];

        await Eventually.HoldsAsync(
            async () =>
            {
                outcomes.Add((await ReadAsync(one, row, policy)).Outcome);
                outcomes.Add((await ReadAsync(other, row, policy)).Outcome);
                return row.Loads == 2;
            },
            "the refresh",
            TestContext.Current.CancellationToken);

        // Only the very first read waited for the database.
        Assert.Single(outcomes, CacheOutcome.Miss);
    }

    [Fact]
    public async Task Three_instances_that_read_without_pause_load_once_in_five_memory_lives()
    {
        TimeSpan memoryLife = TimeSpan.FromMilliseconds(300);
        await using CacheInstance one = await StartAsync(("Cache:MemoryLife", memoryLife)),
            two = await StartAsync(("Cache:MemoryLife", memoryLife)),
            three = await StartAsync(("Cache:MemoryLife", memoryLife));
        TestRow row = new();
        int redisHits = 0;
        using CancellationTokenSource end = new(5 * memoryLife);

        await Task.WhenAll(new[] { one, two, three }.Select(async instance =>
        {
            while (!end.IsCancellationRequested)
            {
                if ((await ReadAsync(instance, row)).Outcome == CacheOutcome.RedisHit)
                    Interlocked.Increment(ref redisHits);
                await Task.Yield();
            }
        }));

        Assert.Equal(1, row.Loads);
        Assert.True(redisHits >= 3, $"memory was refilled {redisHits} times");
    }

    [Fact]
    public async Task Lists_are_kept_for_all_and_replaced_by_later_loads()
    {
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        CachePolicy brief = Lists with { Life = TimeSpan.FromMilliseconds(150) };
        TestRow row = new();

        await ReadAsync(one, row, brief);
        row.Version = 2;

        await Eventually.HoldsAsync(
            async () => System.Text.Encoding.UTF8.GetString((await ReadAsync(other, row, brief)).Representation!.Body.Span).Contains('2'),
            "the later list",
            TestContext.Current.CancellationToken);
    }

    private static ValueTask<CacheAnswer> ReadAsync(CacheInstance instance, TestRow row, CachePolicy? policy = null) =>
        instance.Cache.GetAsync(policy ?? Rows, row.Id, row, static (row, _) => row.LoadAsync(), TestContext.Current.CancellationToken);

    private async Task<CacheInstance> StartAsync(params (string, object)[] settings) =>
        await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(), (await redis.StartedAsync()).Connection, settings);

    private async Task<CacheInstance> StartAsync(string redisConnection) =>
        await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(), redisConnection);
}
