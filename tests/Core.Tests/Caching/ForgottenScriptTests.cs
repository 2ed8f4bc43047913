using TByte.Functions.Caching;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>A server forgets its scripts when it is told to, or when another takes its place behind the same connection.</summary>
public sealed class ForgottenScriptTests(PostgresFixture postgres)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);

    [Fact]
    public async Task Rows_are_stored_together_after_the_server_has_forgotten_the_script()
    {
        await using TestRedis redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        await using CacheInstance instance = await CacheInstance.StartAsync(await postgres.CreateDatabaseAsync(), redis.Connection);
        RedisLevelBatches batches = new(instance.Gate, instance.Redis);
        EntryToStore[] entries =
            [.. Enumerable.Range(1, 100).Select(id => new EntryToStore(Rows.Key($"{id}"), TestRow.At(1), 1, TimeSpan.FromHours(1)))];
        Assert.True((await batches.StoreAsync(entries)).Answered);

        await redis.FlushAsync(TestContext.Current.CancellationToken);
        RedisReply<StoreReply[]> stored = await batches.StoreAsync(entries);

        Assert.True(stored.Answered);
        Assert.All(stored.Value, static reply => Assert.Null(reply.Newer));
    }
}
