using System.Net;
using StackExchange.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.LocalHost.Tests.Servers;

public class TestRedisClusterTests
{
    private const string SetBoth = "redis.call('SET', KEYS[1], 1) redis.call('SET', KEYS[2], 2) return 2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_are_spread_and_a_script_needs_one_hash_tag()
    {
        await using TestRedisCluster cluster = await TestRedisCluster.StartAsync(Cancellation);
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(cluster.Connection);
        IDatabase database = connection.GetDatabase();

        for (int i = 0; i < 100; i++)
            await database.StringSetAsync($"tb:{{{i}}}:a", i);
        long[] held = await Task.WhenAll(connection.GetServers().Select(server => server.DatabaseSizeAsync()));

        Assert.Equal(3, held.Length);
        Assert.Equal(100, held.Sum());
        Assert.All(held, keys => Assert.NotEqual(0, keys));

        Assert.Equal(2, (int)await database.ScriptEvaluateAsync(SetBoth, ["tb:{7}:a", "tb:{7}:b"]));
        await Assert.ThrowsAsync<RedisCommandException>(() => database.ScriptEvaluateAsync(SetBoth, ["tb:{7}:a", "tb:{8}:b"]));
        // That was the client; the server refuses too.
        IServer server = connection.GetServers()[0];
        RedisServerException refused = await Assert.ThrowsAsync<RedisServerException>(
            () => server.ExecuteAsync("EVAL", SetBoth, 2, "tb:{7}:a", "tb:{8}:b"));
        Assert.StartsWith("CROSSSLOT", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_node_takes_only_its_keys_with_it()
    {
        await using TestRedisCluster cluster = await TestRedisCluster.StartAsync(Cancellation);
        var options = ConfigurationOptions.Parse(cluster.Connection + ",abortConnect=false,allowAdmin=true,connectTimeout=1000");
        options.BacklogPolicy = BacklogPolicy.FailFast;
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options);
        IDatabase database = connection.GetDatabase();
        string[] keys = [.. Enumerable.Range(0, 30).Select(i => $"tb:{{{i}}}:a")];
        ClusterConfiguration slots = (await connection.GetServers()[0].ClusterNodesAsync())!;
        TestRedis lost = cluster.Nodes[1];

        await lost.KillAsync();
        foreach (string key in keys)
        {
            IPEndPoint owner = Assert.IsType<IPEndPoint>(slots.GetBySlot(connection.HashSlot(key))!.EndPoint);
            Assert.Equal(owner.Port != lost.Port, await AcceptsAsync(database, key));
        }

        await lost.RestartAsync(Cancellation);
        foreach (string key in keys)
            await Eventually.HoldsAsync(() => AcceptsAsync(database, key), $"{key} is refused again", Cancellation);
    }

    private static async Task<bool> AcceptsAsync(IDatabase database, string key)
    {
        try
        {
            return await database.StringSetAsync(key, 1);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
