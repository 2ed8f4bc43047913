using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Instances whose wall clocks are wrong.</summary>
public sealed class ClockTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clocks_hours_apart_that_step_neither_order_writes_nor_age_answers()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        SkewedTimeProvider[] clocks = [new() { Skew = TimeSpan.FromHours(3) }, new() { Skew = TimeSpan.FromHours(-3) }, new()];
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            [.. clocks.Select(clock => new InstanceOptions { Time = clock })], await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient);
        for (int instance = 0; instance < clocks.Length; instance++)
            await fleet.GetProductAsync(instance, 7);

        for (int write = 0; write < 12; write++)
        {
            clocks[write % 3].Skew = -clocks[write % 3].Skew;
            ProductAnswer written = await fleet.PutProductAsync(write % 3, 7, price: 1 + write);
            Assert.Equal((200, 2L + write), (written.Status, written.Version));
            for (int instance = 0; instance < clocks.Length; instance++)
            {
                ProductAnswer answer = default!;
                await Eventually.HoldsAsync(
                    async () => (answer = await fleet.GetProductAsync(instance, 7)).Version == written.Version, "the new row", Token);
                Assert.InRange(answer.Age ?? TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(10));
            }
        }
    }
}
