using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.Operations;
using TByte.Functions.Postgres;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Operations;

public sealed class FleetStatusOnRedisTests(RedisFixture redis) : FleetStatusContract
{
    protected override async Task<string> ServerAsync() => (await redis.StartedAsync()).Connection;
}

public sealed class FleetStatusOnGarnetTests(GarnetFixture garnet) : FleetStatusContract
{
    protected override async Task<string> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

/// <summary>What instances tell of themselves is read back, for as long as they go on telling it.</summary>
public abstract class FleetStatusContract : IAsyncLifetime
{
    private static readonly InstanceStatus Told = new(
        "one",
        new DateTimeOffset(2026, 3, 4, 12, 30, 0, TimeSpan.Zero),
        new CacheStatistics(5, 3, 2, 1),
        new RedisStatus("reachable"),
        [],
        [new DatabaseServerStatus("postgres-primary", "primary", "up", null, 4, 6, 10)],
        new LimitsStatus(new HeavyQueryStatus(1, 2, 3, 4), [new RateLimitStatus("api", 100, 60, 7, 8)]))
    {
        Diagnosis = "/api/ops/diagnosis",
        Version = "1.0.0+3f2c5d1a",
        Recent = new RecentActivity(new CacheStatistics(1, 1, 0, 0), new CacheStatistics(4, 2, 1, 1), [new RequestSlot(177_264_000, 1, [40, 3, 2, 1])]),
    };

    // In place of the real key, which others that use this server may have.
    private readonly RedisKey _key = $"tb:{{fleet}}:status:{Guid.NewGuid():N}";

    private ConnectionMultiplexer _connection = null!;

    private IDatabase Redis => _connection.GetDatabase();

    protected abstract Task<string> ServerAsync();

    public async ValueTask InitializeAsync() => _connection = await ConnectionMultiplexer.ConnectAsync(await ServerAsync());

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_instances_tell_is_read_back()
    {
        await PublishAsync(Told with { Cache = new CacheStatistics(0, 0, 0, 0) });
        await PublishAsync(Told);
        await PublishAsync(Told with { Instance = "two" });

        InstanceStatus[] read = [.. (await ReadAsync()).OrderBy(static status => status.Instance)];

        Assert.Equal(["one", "two"], read.Select(static status => status.Instance));
        Assert.Equivalent(Told, read[0], strict: true);
    }

    [Fact]
    public async Task The_next_to_tell_something_forgets_who_has_been_silent_for_too_long()
    {
        await PutAsync("silent", -FleetStatus.Life - TimeSpan.FromMilliseconds(1));
        await PutAsync("quiet", -FleetStatus.Life / 2);
        await Redis.HashSetAsync(_key, "unreadable", "hello");

        await PublishAsync(Told);

        Assert.Equal(["one", "quiet"], (await Redis.HashKeysAsync(_key)).Select(static name => name.ToString()).Order());
        Assert.InRange((await Redis.KeyTimeToLiveAsync(_key))!.Value, TimeSpan.FromTicks(1), FleetStatus.Life);
    }

    [Fact]
    public async Task Who_has_been_silent_for_too_long_is_not_read_though_nobody_has_forgotten_it()
    {
        await PutAsync("silent", -FleetStatus.Life - TimeSpan.FromMilliseconds(1));
        await PutAsync("quiet", -FleetStatus.Life / 2);

        Assert.Equal(["quiet"], (await ReadAsync()).Select(static status => status.Instance));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"instance": "other", "startedAt": "2026-03-04T12:30:00Z", "cache": null}""")]
    public async Task What_another_version_tells_in_other_words_is_passed_over(string told)
    {
        await PublishAsync(Told);
        await Redis.HashSetAsync(_key, "other", $"{await NowAsync()}\n{told}");

        Assert.Equal(["one"], (await ReadAsync()).Select(static status => status.Instance));
    }

    /// <summary>While a release is put into service, instances of both versions tell of themselves.</summary>
    [Fact]
    public async Task What_a_version_tells_that_did_not_know_the_newest_members_is_read()
    {
        const string Old = """
            {"instance":"old","startedAt":"2026-03-04T12:30:00+00:00","cache":{"l1Hits":5,"l2Hits":3,"misses":2,"stale":1,"hitRatio":0.7273},
            "redis":{"state":"reachable"},"breakers":[],"postgres":[],
            "limits":{"heavyQueries":{"running":1,"waiting":2,"limit":3,"fleetLimit":4},"rateLimits":[]},"diagnosis":null}
            """;
        await PublishAsync(Told);
        await Redis.HashSetAsync(_key, "old", $"{await NowAsync()}\n{Old}");

        InstanceStatus old = Assert.Single(await ReadAsync(), static status => status.Instance == "old");

        Assert.Equal(new CacheStatistics(5, 3, 2, 1), old.Cache);
        Assert.Equal((null, null), (old.Version, old.Recent));
    }

    [Fact]
    public async Task Tells_how_long_ago_it_was_told()
    {
        await PutAsync("quiet", -FleetStatus.Life / 2);

        ToldStatus quiet = Assert.Single(FleetStatus.ReadTold(await Redis.HashGetAllAsync(_key), await NowAsync()));

        Assert.InRange(quiet.Ago, FleetStatus.Life / 2, FleetStatus.Life);
    }

    private async Task PublishAsync(InstanceStatus status) => Assert.Equal("OK", await FleetStatus.PublishAsync(CallAsync, status));

    private async ValueTask<string?> CallAsync(string script, RedisKey key, RedisValue[] arguments)
    {
        Assert.Equal(FleetStatus.Key, key);
        return (string?)await Redis.ScriptEvaluateAsync(script, [_key], arguments);
    }

    /// <summary>As if an instance had told something at that time.</summary>
    private async Task PutAsync(string instance, TimeSpan ago)
    {
        await PublishAsync(Told with { Instance = instance });
        string told = (await Redis.HashGetAsync(_key, instance)).ToString();
        long at = await NowAsync() + (long)ago.TotalMilliseconds;
        await Redis.HashSetAsync(_key, instance, $"{at.ToString(CultureInfo.InvariantCulture)}{told[told.IndexOf('\n', StringComparison.Ordinal)..]}");
    }

    private async Task<IReadOnlyList<InstanceStatus>> ReadAsync() => FleetStatus.Read(await Redis.HashGetAllAsync(_key), await NowAsync());

    private async Task<long> NowAsync() => new DateTimeOffset(await _connection.GetServers()[0].TimeAsync()).ToUnixTimeMilliseconds();
}
