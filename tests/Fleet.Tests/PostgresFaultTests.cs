using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>PostgreSQL hung with all its backends, then killed.</summary>
public sealed class PostgresFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_hangs_warmed_products_answer_and_cold_ones_say_when_to_come_back()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            2, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token), redis.Connection, ApiFleet.Patient,
            ("Cache__ProductLife", "00:00:00.300"), ("Cache__MemoryLife", "00:00:00.100"),
            // The defaults: this test is about not waiting for the database.
            ("Postgres__ReadBudget", "00:00:00.700"), ("Cache__HardTimeout", "00:00:00.850"), ("Cache__LeaseLife", "00:00:00.750"));
        for (int instance = 0; instance < 2; instance++)
            await Eventually.HoldsAsync(async () => (await fleet.GetProductAsync(instance, 7)).Status == 200, "the product is warm", Token);

        postgres.Stop();
        await Eventually.HoldsAsync(
            async () => (await fleet.GetProductAsync(0, 7)).CacheStatus.Contains("detail=stale", StringComparison.Ordinal), "a stale answer", Token);
        for (int i = 0; i < 20; i++)
        {
            ProductAnswer warmed = await fleet.GetProductAsync(i % 2, 7);
            Assert.Equal(200, warmed.Status);
        }

        for (int product = 100; product < 110; product++)
        {
            ProductAnswer cold = await fleet.GetProductAsync(0, product);
            Assert.Equal((503, "application/problem+json"), (cold.Status, cold.ContentType));
            Assert.True(cold.RetryAfter >= TimeSpan.FromSeconds(1));
        }

        postgres.Continue();
        await Eventually.HoldsAsync(async () => (await fleet.GetProductAsync(0, 150)).Status == 200, "cold products are served again", Token);
    }

    [Fact]
    public async Task A_database_that_was_killed_is_found_again()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            1, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, Token), redis: "");
        Assert.Equal(200, (await fleet.GetProductAsync(0, 7)).Status);

        await postgres.KillAsync();
        Assert.Equal(200, (await fleet.GetProductAsync(0, 7)).Status);
        Assert.Equal(503, (await fleet.GetProductAsync(0, 8)).Status);

        await postgres.RestartAsync(Token);
        await Eventually.HoldsAsync(async () => (await fleet.GetProductAsync(0, 8)).Status == 200, "the database is found again", Token);
    }
}
