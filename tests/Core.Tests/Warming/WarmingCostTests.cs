using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TByte.Functions.Caching;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Postgres.Statements;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

/// <summary>What warming asks of the servers, counted.</summary>
public sealed class WarmingCostTests(PostgresFixture shared)
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_products_take_two_round_trips_to_the_database_and_three_to_redis()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token, logStatements: true);
        string database = await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await WarmingInstance.StartAsync(database, redis.Connection);
        await instance.Get<InvalidationReplay>().StopAsync(Token);
        await instance.Get<CircuitAgents>().StopAsync(Token);
        using MetricCollector<double> calls = new(instance.Get<IMeterFactory>(), RedisMetrics.MeterName, "tbyte.redis.call.duration");

        Assert.Equal(100, (await instance.Get<ProductWarmer>().WarmRecentAsync(100, HalfAnHour, Token)).Warmed);
        Assert.Equal(3, CallsOf(calls));
        Assert.Equal(2, await StatementsAsync(postgres));

        Assert.Equal(100, (await instance.Get<ProductWarmer>().WarmRecentAsync(100, HalfAnHour, Token)).Skipped);
        Assert.Equal(3 + 2, CallsOf(calls));
        Assert.Equal(2 + 1, await StatementsAsync(postgres));
    }

    [Fact]
    public async Task A_call_to_redis_is_one_round_trip_however_many_entries_it_has()
    {
        string database = await shared.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(redis.Port);
        await using CacheInstance instance = await WarmingInstance.StartAsync(database, $"127.0.0.1:{proxy.Port}");
        // Known to the client from now on: what a script costs once is not what is counted.
        await instance.Get<ProductWarmer>().WarmRecentAsync(1, TimeSpan.Zero, Token);

        // A hundred replies waited for one after the other would take a hundred times as long.
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(300);
        long began = TimeProvider.System.GetTimestamp();
        WarmingReport report = await instance.Get<ProductWarmer>().WarmRecentAsync(100, TimeSpan.FromHours(3), Token);
        TimeSpan took = TimeProvider.System.GetElapsedTime(began);

        Assert.Equal(new WarmingReport(100, 0, 0), report);
        Assert.InRange(took, TimeSpan.FromMilliseconds(3 * 300), TimeSpan.FromMilliseconds(20 * 300));
    }

    private static int CallsOf(MetricCollector<double> calls) => calls.GetMeasurementSnapshot().Count;

    private static async Task<int> StatementsAsync(TestPostgres postgres)
    {
        StatementLog log = await postgres.StatementsSoFarAsync(Token);
        return log.All.Count(static statement =>
            statement.Application == "tbyte-functions" && statement.Text.Contains("product", StringComparison.Ordinal));
    }
}
