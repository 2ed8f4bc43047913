using System.Diagnostics;
using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>What the cache tells of itself, beside the reads: those are in CacheMetricsTests.</summary>
public sealed class CacheTelemetryTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loads_under_way_and_entries_in_memory_are_measured()
    {
        await using CacheInstance instance = await StartAsync(("Cache:MemoryEntries", 1_234));
        using Measurements measured = new(instance.Services);
        TaskCompletionSource slow = new();
        TestRow row = new() { Meanwhile = () => slow.Task };

        Task<CacheAnswer>[] readers = [.. Enumerable.Range(0, 5).Select(_ => ReadAsync(instance, row))];
        await Eventually.HoldsAsync(() => row.Loads == 1, "the load began", Token);
        Assert.Equal(1, measured.Of("tbyte.cache.loads", "cache.kind=row").Sum());
        slow.SetResult();
        await Task.WhenAll(readers);

        Assert.Equal(0, measured.Of("tbyte.cache.loads", "cache.kind=row").Sum());
        Assert.Equal(1, measured.Now("tbyte.cache.memory.entries"));
        Assert.Equal(1_234, measured.Now("tbyte.cache.memory.limit"));
    }

    [Fact]
    public async Task A_load_that_fails_is_under_way_no_more()
    {
        await using CacheInstance instance = await StartAsync();
        using Measurements measured = new(instance.Services);
        TestRow row = new() { Meanwhile = static () => throw new InvalidOperationException("broken") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(instance, row));

        Assert.Equal([1, -1], measured.Of("tbyte.cache.loads"));
    }

    [Fact]
    public async Task Writes_that_are_pushed_and_that_are_replayed_are_told_apart()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using CacheInstance one = await StartAsync(database), other = await StartAsync(database);
        using Measurements measured = new(other.Services);

        await one.Cache.WrittenAsync(Rows, new TestRow().Id, TestRow.At(2), default);

        await Eventually.HoldsAsync(() => measured.Of("tbyte.cache.invalidations", "invalidation.source=pushed").Sum() >= 1, "it was pushed", Token);
        await Eventually.HoldsAsync(() => measured.Of("tbyte.cache.replay.duration", "replay.outcome=replayed").Count >= 1, "it was replayed", Token);
    }

    [Fact]
    public async Task A_reader_that_waits_for_anothers_load_says_so_and_where_the_load_is()
    {
        await using CacheInstance instance = await StartAsync();
        using RecordedTrace trace = new();
        TaskCompletionSource slow = new();
        TestRow row = new() { Meanwhile = () => slow.Task };

        Task<CacheAnswer> first = ReadAsync(instance, row);
        await Eventually.HoldsAsync(() => row.Loads == 1, "the load began", Token);
        Task<CacheAnswer> second = ReadAsync(instance, row);
        await Eventually.HoldsAsync(() => trace.Named("cache wait").Count == 1, "the second waits", Token);
        slow.SetResult();
        await Task.WhenAll(first, second);

        Activity wait = trace.Named("cache wait").Single();
        Activity[] reads = [.. trace.Named("cache read")];
        Assert.Equal("reader", wait.GetTagItem("cache.wait.for"));
        Assert.Equal(reads[1].SpanId, wait.ParentSpanId);
        Assert.Equal(reads[0].SpanId, wait.Links.Single().Context.SpanId);
        Assert.Equal(reads[0].SpanId, trace.Named("cache load").Single().ParentSpanId);
        Assert.All(reads, static read => Assert.Equal("miss", read.GetTagItem("cache.outcome")));
    }

    [Fact]
    public async Task A_reader_that_waits_for_another_instance_says_so()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using CacheInstance one = await StartAsync(database), other = await StartAsync(database);
        TaskCompletionSource slow = new();
        TestRow row = new() { Meanwhile = () => slow.Task };
        Task<CacheAnswer> first = ReadAsync(one, row);
        await Eventually.HoldsAsync(() => row.Loads == 1, "the load began", Token);

        using RecordedTrace trace = new();
        Task<CacheAnswer> second = ReadAsync(other, row);
        await Eventually.HoldsAsync(() => trace.Named("cache wait").Count >= 1, "the second waits", Token);
        slow.SetResult();
        await Task.WhenAll(first, second);

        Assert.All(trace.Named("cache wait"), static wait => Assert.Equal("instance", wait.GetTagItem("cache.wait.for")));
        Assert.Equal("redis_hit", trace.Named("cache read").Single().GetTagItem("cache.outcome"));
        Assert.Equal(1, row.Loads);
    }

    [Fact]
    public async Task Reads_that_go_to_redis_together_are_each_in_their_own_trace()
    {
        await using CacheInstance instance = await StartAsync();
        TestRow[] rows = [.. Enumerable.Range(0, 200).Select(static _ => new TestRow())];

        RecordedTrace[] traces = await Task.WhenAll(rows.Select(row => Task.Run(
            async () =>
            {
                RecordedTrace trace = new();
                await ReadAsync(instance, row);
                return trace;
            },
            Token)));

        Assert.All(traces, static trace =>
        {
            Activity read = trace.Named("MGET read").Single();
            Assert.Equal(trace.Named("cache read").Single().SpanId, read.ParentSpanId);
            Assert.Equal(ActivityStatusCode.Unset, read.Status);
            trace.Dispose();
        });
    }

    [Fact]
    public async Task Outside_of_a_trace_no_span_is_made()
    {
        await using CacheInstance instance = await StartAsync();
        using RecordedTrace trace = new();
        Activity.Current = null;
        int begun = 0;
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name.StartsWith("TByte.Functions.", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => Interlocked.Add(ref begun, span.Parent is null && span.Source.Name != "TByte.Functions.Breakers" ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);

        await ReadAsync(instance, new TestRow());

        Assert.Equal(0, begun);
    }

    private static Task<CacheAnswer> ReadAsync(CacheInstance instance, TestRow row) =>
        instance.Cache.GetAsync(Rows, row.Id, row, static (row, _) => row.LoadAsync(), Token).AsTask();

    private async Task<CacheInstance> StartAsync(params (string, object)[] settings) =>
        await StartAsync(await postgres.CreateDatabaseAsync(ShopContents.Schema), settings);

    private async Task<CacheInstance> StartAsync(string database, params (string, object)[] settings) =>
        await CacheInstance.StartAsync(database, (await redis.StartedAsync()).Connection, settings);
}
