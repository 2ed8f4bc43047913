using StackExchange.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.LocalHost.Tests.Servers;

public class TestRedisTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Has_every_fault_and_recovers_on_the_same_port(bool garnet)
    {
        await using TestRedisServer redis = garnet ? await TestGarnet.StartAsync(Cancellation) : await TestRedis.StartAsync(Cancellation);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(
            redis.Connection + ",abortConnect=false,asyncTimeout=1000,connectRetry=1,connectTimeout=500");
        IDatabase database = connection.GetDatabase();

        await database.StringSetAsync("a", 1);
        Assert.Equal(1, await database.StringGetAsync("a"));
        Assert.Equal(3, (int)await database.ScriptEvaluateAsync("redis.call('SET', KEYS[1], 3) return tonumber(redis.call('GET', KEYS[1]))", ["a"]));

        await redis.FlushAsync(Cancellation);
        Assert.True((await database.StringGetAsync("a")).IsNull);

        redis.Stop();
        Task<RedisValue> hung = Task.FromResult(RedisValue.Null);
        // A signal takes a moment to reach every thread.
        await Eventually.HoldsAsync(
            async () =>
            {
                hung = database.StringGetAsync("a");
                await Task.Delay(200, Cancellation);
                return !hung.IsCompleted;
            },
            "it hangs",
            Cancellation);
        redis.Continue();
        await Eventually.HoldsAsync(() => AnswersAsync(database), "it answers again", Cancellation);
        await Task.WhenAny(hung);

        int port = redis.Port;
        await redis.KillAsync();
        Assert.False(await AnswersAsync(database));
        await redis.RestartAsync(Cancellation);
        Assert.Equal(port, redis.Port);
        await Eventually.HoldsAsync(() => AnswersAsync(database), "it answers after a restart", Cancellation);
    }

    private static async Task<bool> AnswersAsync(IDatabase database)
    {
        try
        {
            await database.PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
