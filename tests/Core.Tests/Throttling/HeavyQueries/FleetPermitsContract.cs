using System.Globalization;
using CsCheck;
using StackExchange.Redis;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Throttling;

public sealed class FleetPermitsOnRedisTests(RedisFixture redis) : FleetPermitsContract
{
    protected override async Task<string> ServerAsync() => (await redis.StartedAsync()).Connection;
}

public sealed class FleetPermitsOnGarnetTests(GarnetFixture garnet) : FleetPermitsContract
{
    protected override async Task<string> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

public sealed class FleetPermitsOnClusterTests(RedisClusterFixture cluster) : FleetPermitsContract
{
    protected override async Task<string> ServerAsync() => (await cluster.StartedAsync()).Connection;
}

/// <summary>What the scripts of the fleet's permits promise, each alone, on every server that runs them.</summary>
public abstract class FleetPermitsContract : IAsyncLifetime
{
    private const long Lease = 60_000;

    private static readonly string AcquireScript = EmbeddedScript.Load("TByte.Functions.Throttling.HeavyQueries.Lua.acquire_permit.lua");
    private static readonly string ReleaseScript = EmbeddedScript.Load("TByte.Functions.Throttling.HeavyQueries.Lua.release_permit.lua");

    private readonly RedisKey _key = $"tb:{{heavy:{Guid.NewGuid():N}}}:permits";
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
    public async Task As_many_are_given_as_there_are_and_one_given_back_is_given_again()
    {
        Assert.True(await AcquireAsync("a", 2));
        Assert.True(await AcquireAsync("b", 2));
        Assert.False(await AcquireAsync("c", 2));

        Assert.Equal(1, (int)await Redis.ScriptEvaluateAsync(ReleaseScript, [_key], ["a"]));
        Assert.Equal(0, (int)await Redis.ScriptEvaluateAsync(ReleaseScript, [_key], ["a"]));

        Assert.True(await AcquireAsync("c", 2));
        Assert.False(await AcquireAsync("d", 2));
    }

    [Fact]
    public async Task Who_asks_at_once_gets_no_more_than_there_are()
    {
        bool[] taken = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AcquireAsync($"{i}", 20)));

        Assert.Equal(20, taken.Count(taken => taken));
        Assert.Equal(20, await Redis.SortedSetLengthAsync(_key));
    }

    [Fact]
    public async Task One_that_is_not_given_back_ends_by_itself()
    {
        Assert.True(await AcquireAsync("a", 1, lease: 200));
        Assert.False(await AcquireAsync("b", 1, lease: 200));

        await Eventually.HoldsAsync(() => AcquireAsync("b", 1), "the lease ends", TestContext.Current.CancellationToken);
        Assert.Equal(["b"], await TokensAsync());
    }

    [Fact]
    public async Task The_key_lasts_as_long_as_the_last_lease()
    {
        Assert.True(await AcquireAsync("a", 2));
        Assert.InRange((await Redis.KeyTimeToLiveAsync(_key))!.Value.TotalMilliseconds, 1, Lease);
        await Redis.KeyExpireAsync(_key, TimeSpan.FromSeconds(5));

        Assert.True(await AcquireAsync("b", 2));

        Assert.InRange((await Redis.KeyTimeToLiveAsync(_key))!.Value.TotalMilliseconds, Lease / 2, Lease);
        Assert.All(await Redis.SortedSetRangeByRankWithScoresAsync(_key), permit => Assert.InRange(permit.Score, 1e12, 1e15));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_holds_no_permit_for_longer_than_a_lease()
    {
        // Given an hour ahead of today's clock.
        await Redis.SortedSetAddAsync(_key, "ahead", await NowAsync() + 3_600_000);

        Assert.False(await AcquireAsync("a", 1, lease: 300));

        await Eventually.HoldsAsync(() => AcquireAsync("a", 1, lease: 300), "the lease ends", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Where_no_key_is_nobody_runs()
    {
        Assert.True(await AcquireAsync("a", 1));
        await Redis.KeyDeleteAsync(_key);

        Assert.Equal(0, (int)await Redis.ScriptEvaluateAsync(ReleaseScript, [_key], ["a"]));
        Assert.True(await AcquireAsync("b", 1));
    }

    /// <summary>The model: the set of those who were given one and have not given it back.</summary>
    [Fact]
    public async Task Random_histories_never_give_more_than_there_are()
    {
        await Gen.Select(Gen.Int[0, 9], Gen.Bool).Array[1, 40].SampleAsync(async steps =>
        {
            await Redis.KeyDeleteAsync(_key);
            HashSet<string> model = [];
            foreach ((int who, bool acquires) in steps)
            {
                string token = who.ToString(CultureInfo.InvariantCulture);
                if (!acquires)
                    Assert.Equal(model.Remove(token), (bool)await Redis.ScriptEvaluateAsync(ReleaseScript, [_key], [token]));
                else if (!model.Contains(token))
                    Assert.Equal(model.Count < 3 && model.Add(token), await AcquireAsync(token, 3));
                Assert.Equal(model.Order(), (await TokensAsync()).Order());
            }
        }, iter: 100, threads: 1);
    }

    private async Task<bool> AcquireAsync(string token, int limit, long lease = Lease) =>
        (bool)await Redis.ScriptEvaluateAsync(AcquireScript, [_key], [token, limit, lease]);

    private async Task<string[]> TokensAsync() => (await Redis.SortedSetRangeByRankAsync(_key)).ToStringArray()!;

    private async Task<long> NowAsync()
    {
        RedisResult time = await Redis.ExecuteAsync("TIME");
        return (long)time[0] * 1_000 + (long)time[1] / 1_000;
    }
}
