using TByte.Functions.Caching;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>A hit hands out bytes: what is no JSON, and not even text, would not come through a parser or a writer unharmed.</summary>
public sealed class OpaqueBodyTests(PostgresFixture postgres, RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("opaque", TimeSpan.FromHours(1), IsVersioned: true);
    private static readonly byte[] NoJson = [.. Enumerable.Range(0, 512).Select(i => (byte)(255 - i % 256)), (byte)'{', (byte)'\n', 0];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_come_out_of_both_levels_as_they_went_in(bool isVersioned)
    {
        string id = Guid.NewGuid().ToString("N");
        CachePolicy policy = Rows with { IsVersioned = isVersioned };
        await using CacheInstance one = await StartAsync(), other = await StartAsync();
        CacheAnswer loaded = await ReadAsync(one, policy, id, new Representation([.. NoJson], version: isVersioned ? 1 : 0));

        CacheAnswer fromMemory = await ReadAsync(one, policy, id, loads: null);
        CacheAnswer fromRedis = await ReadAsync(other, policy, id, loads: null);

        Assert.Equal((CacheOutcome.MemoryHit, CacheOutcome.RedisHit), (fromMemory.Outcome, fromRedis.Outcome));
        Assert.Same(loaded.Representation, fromMemory.Representation);
        Assert.Equal(NoJson, fromRedis.Representation!.Body.ToArray());
        Assert.Equal(loaded.Representation!.ETag, fromRedis.Representation.ETag);
    }

    private async Task<CacheInstance> StartAsync() => await CacheInstance.StartAsync(
        await postgres.CreateDatabaseAsync(ShopContents.Schema), (await redis.StartedAsync()).Connection);

    private static ValueTask<CacheAnswer> ReadAsync(CacheInstance instance, CachePolicy policy, string id, Representation? loads) =>
        instance.Cache.GetAsync(policy, id, loads, static (row, _) => Task.FromResult(row), TestContext.Current.CancellationToken);
}
