using System.Net;
using StackExchange.Redis;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Writes under read load: what an instance has shown once it never goes back behind.</summary>
public sealed class WriteTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_updates_are_seen_everywhere_and_never_taken_back()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);

        await UpdateAsync(redis.Connection, updates: 1_000);
    }

    [Fact]
    public async Task Neither_are_they_when_redis_is_a_cluster()
    {
        await using TestRedisCluster redis = await TestRedisCluster.StartAsync(Token);

        await UpdateAsync(redis.Connection, updates: 300);
        foreach (TestRedis node in redis.Nodes)
            Assert.NotEqual(0, await KeysAsync(node));
    }

    private async Task UpdateAsync(string redis, int updates)
    {
        // Short lives, so that memory is refilled all the time while the writes go on.
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            3, await postgres.CreateDatabaseAsync(), redis, ApiFleet.Patient,
            ("Cache__MemoryLife", "00:00:00.050"), ("Cache__ProductLife", "00:00:00.500"));

        await new WriteLoad(fleet).RunAsync(updates);
    }

    private static async Task<long> KeysAsync(TestRedis node)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(node.Connection);
        return await connection.GetServer(IPAddress.Loopback, node.Port).DatabaseSizeAsync();
    }
}
