using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Calls to Redis are counted by what they are for and what came of them, and whether it can be used is told.</summary>
public sealed class RedisMetricsTests(PostgresFixture postgres)
{
    private const string Calls = "tbyte.redis.call.duration";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answered_failed_and_refused_calls_are_told_apart()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await CacheInstance.StartAsync(
            await postgres.CreateDatabaseAsync(ShopContents.Schema), redis.Connection);
        using Measurements measured = new(instance.Services);

        Assert.True((await ReadAsync(instance)).Answered);
        Assert.True((await ReadAsync(instance)).Answered);
        Assert.Equal(2, measured.Of(Calls, "redis.purpose=hot_set outcome=answered").Count);
        Assert.Equal(1, measured.Now("tbyte.redis.available"));

        Assert.False((await instance.Gate.CallAsync(RedisPurpose.ReadHotSet, 0, static (database, _) => database.ExecuteAsync("NOSUCHCOMMAND"))).Answered);
        Assert.Single(measured.Of(Calls, "redis.purpose=hot_set outcome=failed"));

        await redis.DisposeAsync();
        await Eventually.HoldsAsync(() => !instance.Gate.IsAvailable, "it is known that Redis is away", Token);
        Assert.False((await ReadAsync(instance)).Answered);
        Assert.Equal([0], measured.Of(Calls, "redis.purpose=hot_set outcome=refused"));
        Assert.Equal(0, measured.Now("tbyte.redis.available"));
    }

    private static async Task<RedisReply<StackExchange.Redis.RedisValue>> ReadAsync(CacheInstance instance) =>
        await instance.Gate.CallAsync(RedisPurpose.ReadHotSet, 0, static (database, _) => database.StringGetAsync("nothing"));
}
