using StackExchange.Redis;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

/// <summary>Warming while a server is away: it ends, says why, and the next run does the rest.</summary>
public sealed class WarmingOutageTests(PostgresFixture postgres)
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_away()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await WarmingInstance.StartAsync(await postgres.CreateDatabaseAsync(), redis.Connection);
        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !instance.Gate.IsAvailable, "Redis is known to be away", Token);

        WarmingReport report = await instance.Get<ProductWarmer>().WarmRecentAsync(300, HalfAnHour, Token);
        Assert.Equal(new WarmingReport(0, 0, 0, "Redis does not answer"), report);

        await redis.RestartAsync(Token);
        await Eventually.HoldsAsync(() => instance.Gate.IsAvailable, "Redis is back", Token);
        Assert.Equal(new WarmingReport(300, 0, 0), await instance.Get<ProductWarmer>().WarmRecentAsync(300, HalfAnHour, Token));
    }

    [Fact]
    public async Task Redis_lost_half_way()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(redis.Port);
        await using CacheInstance instance = await WarmingInstance.StartAsync(await postgres.CreateDatabaseAsync(), $"127.0.0.1:{proxy.Port}");
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(100);
        Task<WarmingReport> run = instance.Get<ProductWarmer>().WarmRecentAsync(500, HalfAnHour, Token);
        await Eventually.HoldsAsync(async () => await CountAsync(redis) >= 100, "some are warmed", Token);
        await proxy.RefuseAsync();
        proxy.Cut();

        WarmingReport report = await run;
        Assert.Equal("Redis does not answer", report.EndedEarly);
        Assert.InRange(report.Warmed + report.Failed, 100, 499);

        await proxy.RestoreAsync();
        await Eventually.HoldsAsync(async () => (await instance.Redis.ReadAsync(instance.KeyOf(1))).Answered, "Redis is back", Token);
        report = await instance.Get<ProductWarmer>().WarmRecentAsync(500, HalfAnHour, Token);
        Assert.Equal((500, 0, null), (report.Warmed + report.Skipped, report.Failed, report.EndedEarly));
        Assert.InRange(report.Skipped, 100, 499);
    }

    [Fact]
    public async Task PostgreSQL_away()
    {
        await using TestPostgres own = await TestPostgres.StartAsync(Token);
        string database = await own.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using FaultProxy proxy = FaultProxy.Start(own.Port);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await WarmingInstance.StartAsync(
            database.Replace($"Port={own.Port}", $"Port={proxy.Port}", StringComparison.Ordinal), redis.Connection, ("Postgres:ReadBudget", "00:00:02"));
        await proxy.RefuseAsync();
        proxy.Cut();

        WarmingReport report = await instance.Get<ProductWarmer>().WarmRecentAsync(300, HalfAnHour, Token);
        Assert.NotNull(report.EndedEarly);
        Assert.Equal((0, 0), (report.Warmed, await CountAsync(redis)));

        await proxy.RestoreAsync();
        await Eventually.HoldsAsync(
            async () => (await instance.Get<ProductWarmer>().WarmRecentAsync(300, HalfAnHour, Token)).EndedEarly is null, "a run to the end", Token);
        Assert.Equal(new WarmingReport(0, 300, 0), await instance.Get<ProductWarmer>().WarmRecentAsync(300, HalfAnHour, Token));
    }

    private static async Task<int> CountAsync(TestRedis redis)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        int entries = 0;
        await foreach (RedisKey _ in connection.GetServers()[0].KeysAsync(pattern: "tb:{product:*}:entry"))
            entries++;
        return entries;
    }
}
