using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Writes under read load: what an instance has shown once it never goes back behind.</summary>
public sealed class WriteTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_thousand_updates_are_seen_everywhere_and_never_taken_back()
    {
        await using TestRedis redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        // Short lives, so that memory is refilled all the time while the writes go on.
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            3, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient,
            ("Cache__MemoryLife", "00:00:00.050"), ("Cache__ProductLife", "00:00:00.500"));

        await new WriteLoad(fleet).RunAsync(updates: 1_000);
    }
}
