using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Redis;

public sealed class BatchedReadsTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_read_gets_its_own_answer(bool clustered)
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        await using TestRedis redis = clustered ? await TestRedis.StartClusterAsync(directory, Token) : await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await StartAsync(redis);
        await Eventually.HoldsAsync(() => instance.Gate.IsAvailable, "Redis is reachable", Token);
        BatchedReads reads = instance.Services.GetRequiredService<BatchedReads>();
        for (int i = 0; i < 300; i++)
        {
            await Eventually.HoldsAsync(
                async () => (await instance.Gate.CallAsync(RedisPurpose.Probe, i, static (database, i) => database.StringSetAsync($"key-{i}", i))).Answered, "it is stored", Token);
        }

        RedisReply<RedisValue>[] replies = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => reads.GetAsync($"key-{i}")));

        Assert.Equal(clustered, instance.Gate.IsClustered);
        for (int i = 0; i < 600; i++)
            Assert.Equal(i < 300 ? i : RedisValue.Null, replies[i].Value);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Reads_that_wait_behind_one_without_an_answer_get_none_and_later_ones_do()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await StartAsync(redis);
        await Eventually.HoldsAsync(() => instance.Gate.IsAvailable, "Redis is reachable", Token);
        BatchedReads reads = instance.Services.GetRequiredService<BatchedReads>();

        await redis.KillAsync();
        RedisReply<RedisValue>[] replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => reads.GetAsync($"key-{i}")));
        await redis.RestartAsync(Token);

        Assert.All(replies, reply => Assert.False(reply.Answered));
        await Eventually.HoldsAsync(async () => (await reads.GetAsync("key-1")).Answered, "reads are answered again", Token);
    }

    private async Task<CacheInstance> StartAsync(TestRedis redis) =>
        await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(ShopContents.Schema), redis.Connection);
}
