using System.Diagnostics;
using System.Net;
using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests.Warming;

/// <summary>What a new instance has before its first request, and that it starts without what it cannot have.</summary>
public sealed class InstanceStartTests(PostgresFixture postgres)
{
    private const long Hot = 7;
    private const long Cold = 8;
    private const int MinPoolSize = 6;

    // Only against hanging: an instance gives the whole of its start 3 s.
    private static readonly TimeSpan MostToStart = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hot_product_is_in_memory_and_connections_are_open_before_the_first_request()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await WarmAsync(database, redis);
        await Eventually.HoldsAsync(async () => await ConnectionsAsync(database) == 0, "the Warmup app's connections are closed", Token);

        await using ApiFleet fleet = await StartAsync(database, redis, ApiFleet.Patient);

        Assert.InRange(await ConnectionsAsync(database), MinPoolSize, long.MaxValue);
        Assert.Equal("tbyte-l1; hit", (await fleet.GetProductAsync(0, Hot)).CacheStatus);
        Assert.Equal("tbyte-l2; fwd=miss, tbyte-l1; fwd=miss", (await fleet.GetProductAsync(0, Cold)).CacheStatus);
    }

    [Fact]
    public async Task It_starts_while_redis_hangs_and_opens_its_connections_all_the_same()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await WarmAsync(database, redis);
        await Eventually.HoldsAsync(async () => await ConnectionsAsync(database) == 0, "the Warmup app's connections are closed", Token);
        redis.Stop();

        await using ApiFleet fleet = await StartInTimeAsync(database, redis);

        Assert.Equal(HttpStatusCode.OK, await LivenessAsync(fleet));
        Assert.InRange(await ConnectionsAsync(database), MinPoolSize, long.MaxValue);
        Assert.Equal(200, (await fleet.GetProductAsync(0, Hot)).Status);
        redis.Continue();
    }

    [Fact]
    public async Task It_starts_while_the_database_hangs_and_answers_with_what_was_warmed()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await WarmAsync(database, redis);
        server.Stop();

        await using ApiFleet fleet = await StartInTimeAsync(database, redis);

        Assert.Equal(HttpStatusCode.OK, await LivenessAsync(fleet));
        ProductAnswer hot = await fleet.GetProductAsync(0, Hot);
        Assert.Equal((200, "tbyte-l1; hit"), (hot.Status, hot.CacheStatus));
        server.Continue();
    }

    [Fact]
    public async Task It_starts_while_both_hang()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        string database = await server.CreateDatabaseAsync(ShopContents.SmallShop, Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        server.Stop();
        redis.Stop();

        await using ApiFleet fleet = await StartInTimeAsync(database, redis);

        Assert.Equal(HttpStatusCode.OK, await LivenessAsync(fleet));
        server.Continue();
        redis.Continue();
        await Eventually.HoldsAsync(async () => (await fleet.GetProductAsync(0, Hot)).Status == 200, "it finds its servers when they are back", Token);
    }

    private static async Task WarmAsync(string database, TestRedis redis)
    {
        await using (NpgsqlConnection connection = new(database + ";Pooling=false"))
        {
            await connection.OpenAsync(Token);
            await using NpgsqlCommand command = new($"update products set view_count = case id when {Cold} then 0 else 1 end", connection);
            await command.ExecuteNonQueryAsync(Token);
        }

        await using WarmupProcess warmup = await WarmupProcess.StartAsync(database, redis.Connection);
        // A busy machine may make Redis look ill for a moment.
        await Eventually.HoldsAsync(
            async () => WarmupProcess.IsComplete(await warmup.RunAsync(WarmupProcess.WarmPopularProducts)), "all popular products are warm", Token);
    }

    private static Task<ApiFleet> StartAsync(string database, TestRedis redis, TimeSpan? budget) =>
        ApiFleet.StartAsync(1, database, redis.Connection, budget, ("Postgres__MinPoolSize", MinPoolSize), ("Postgres__ReadBudget", "00:00:00.700"));

    private static async Task<ApiFleet> StartInTimeAsync(string database, TestRedis redis)
    {
        long began = Stopwatch.GetTimestamp();
        ApiFleet fleet = await StartAsync(database, redis, budget: null);
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, MostToStart);
        return fleet;
    }

    private static async Task<HttpStatusCode> LivenessAsync(ApiFleet fleet)
    {
        using HttpResponseMessage answer = await fleet.Instances[0].Client.GetAsync(new Uri("api/health/live", UriKind.Relative), Token);
        return answer.StatusCode;
    }

    private static async Task<long> ConnectionsAsync(string database)
    {
        await using NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'tbyte-functions'", connection);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
