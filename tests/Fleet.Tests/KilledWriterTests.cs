using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>A writer that is killed (SIGKILL) after its commit, before anybody has heard of it.</summary>
public sealed class KilledWriterTests(PostgresFixture postgres)
{
    private const long Product = 7;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_old_row_is_gone_from_the_other_instances_and_from_redis()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using FaultProxy road = FaultProxy.Start(redis.Port);
        await using ApiFleet writers = await ApiFleet.StartAsync([new() { OwnProcess = true }], database, $"127.0.0.1:{road.Port}");
        await using ApiFleet others = await ApiFleet.StartAsync(2, database, redis.Connection);
        Assert.Equal(1, (await others.GetProductAsync(0, Product)).Version);
        Assert.Equal(1, (await others.GetProductAsync(1, Product)).Version);

        // What the writer has to say gets no further than its own socket.
        road.ToServer.Stall();
        Assert.Equal(200, (await writers.PutProductAsync(0, Product, price: 1)).Status);
        await writers.Instances[0].KillAsync();

        for (int instance = 0; instance < 2; instance++)
        {
            await Eventually.HoldsAsync(
                async () => (await others.GetProductAsync(instance, Product)).Version == 2, "the new row", Token);
        }

        await using ApiFleet late = await ApiFleet.StartAsync(1, database, redis.Connection);
        Assert.Equal(2, (await late.GetProductAsync(0, Product)).Version);
    }
}
