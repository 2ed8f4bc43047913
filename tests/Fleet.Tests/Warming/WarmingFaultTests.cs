using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests.Warming;

/// <summary>Redis or the database hung in the middle of a run that warms products.</summary>
public sealed partial class WarmingFaultTests(PostgresFixture postgres)
{
    private const int Products = 500;
    private const int Batch = 100;

    // A run has five batches: the first one at once, each of the others after half a second.
    private static readonly (string, string) Slowly = ("Warmup__Rate", "200");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_ends_early_when_redis_hangs_and_the_next_one_makes_up_for_it()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using WarmupProcess warmup = await WarmupProcess.StartAsync(database, redis.Connection, Slowly);

        string report = await InterruptedAsync(warmup, redis, redis.Stop);
        Assert.EndsWith("; ended early, the next run makes up for it: Redis does not answer", report, StringComparison.Ordinal);

        redis.Continue();
        await MakesUpAsync(warmup, redis, Entries(report).Warmed);
    }

    [Fact]
    public async Task A_run_ends_early_when_the_database_hangs_and_the_next_one_makes_up_for_it()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using WarmupProcess warmup = await WarmupProcess.StartAsync(database, redis.Connection, Slowly);

        string report = await InterruptedAsync(warmup, redis, server.Stop);
        Assert.Contains("; ended early, the next run makes up for it: ", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Redis", report, StringComparison.Ordinal);

        server.Continue();
        await MakesUpAsync(warmup, redis, Entries(report).Warmed);
    }

    private static async Task<string> InterruptedAsync(WarmupProcess warmup, TestRedis redis, Action fail)
    {
        await warmup.BeginAsync(WarmupProcess.WarmPopularProducts);
        await Eventually.HoldsAsync(async () => await WarmAsync(redis) > Batch, "one batch is warm and the next one has begun", Token);
        fail();
        string report = await warmup.HasReportedAsync(WarmupProcess.WarmPopularProducts, moreThan: 0);
        Assert.InRange(Entries(report).Warmed, Batch, Products - 1);
        return report;
    }

    private static async Task MakesUpAsync(WarmupProcess warmup, TestRedis redis, int warmed)
    {
        await warmup.FindsServersAsync();
        (int Warmed, int Skipped, int Failed) next = default;
        int since = warmed;
        await Eventually.HoldsAsync(
            async () =>
            {
                string report = await warmup.RunAsync(WarmupProcess.WarmPopularProducts);
                next = Entries(report);
                since += next.Warmed;
                return WarmupProcess.IsComplete(report);
            },
            "a run is complete",
            Token);

        // Nothing was done twice, and nothing is missing; what Redis took without being able to say so was not reported.
        Assert.Equal((Products, 0), (next.Warmed + next.Skipped, next.Failed));
        Assert.InRange(since, warmed + 1, Products);
        Assert.Equal(Products, await WarmAsync(redis));
    }

    private static (int Warmed, int Skipped, int Failed) Entries(string report)
    {
        GroupCollection found = Report().Match(report).Groups;
        return (Number(1), Number(2), Number(3));

        int Number(int group) => int.Parse(found[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static async Task<int> WarmAsync(TestRedis redis)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        return connection.GetServers()[0].Keys(pattern: "tb:{product:*}:entry", pageSize: 1_000).Count();
    }

    [GeneratedRegex(@"(\d+) warmed, (\d+) skipped, (\d+) failed")]
    private static partial Regex Report();
}
