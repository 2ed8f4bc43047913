using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Fleet.Tests;

/// <summary>What instances can have of their own.</summary>
public sealed class ApiFleetTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_can_have_its_own_way_to_the_database()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using FaultProxy road = FaultProxy.Start(new Npgsql.NpgsqlConnectionStringBuilder(database).Port);
        string detour = new Npgsql.NpgsqlConnectionStringBuilder(database) { Port = road.Port }.ConnectionString;
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            [new() { Settings = [("Postgres__Primary", detour)] }, new()], database, redis: "");
        Assert.Equal(200, (await fleet.GetProductAsync(0, 7)).Status);

        await road.RefuseAsync();
        road.Cut();

        Assert.Equal(503, (await fleet.GetProductAsync(0, 8)).Status);
        Assert.Equal(200, (await fleet.GetProductAsync(1, 8)).Status);
    }

    [Fact]
    public async Task An_instance_in_a_process_of_its_own_can_be_stopped_killed_and_started_again()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using ApiFleet fleet = await ApiFleet.StartAsync([new() { OwnProcess = true }, new()], database, redis: "");
        FleetInstance own = fleet.Instances[0];
        Assert.Equal(200, (await fleet.GetProductAsync(0, 7)).Status);

        own.Stop();
        Task<ProductAnswer>? hung = null;
        // A signal takes a moment to reach every thread.
        await Eventually.HoldsAsync(
            async () =>
            {
                hung = fleet.GetProductAsync(0, 7);
                await Task.Delay(200, Token);
                return !hung.IsCompleted;
            },
            "it hangs",
            Token);
        Assert.Equal(200, (await fleet.GetProductAsync(1, 7)).Status);
        own.Continue();
        Assert.Equal(200, (await hung!).Status);

        await own.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => fleet.GetProductAsync(0, 7));
        await own.RestartAsync(Token);
        Assert.Equal(200, (await fleet.GetProductAsync(0, 7)).Status);
    }

    [Fact]
    public async Task An_instance_in_this_process_cannot_be_killed_nor_one_in_its_own_be_given_a_clock()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using ApiFleet fleet = await ApiFleet.StartAsync(1, database, redis: "");

        await Assert.ThrowsAsync<InvalidOperationException>(fleet.Instances[0].KillAsync);
        await Assert.ThrowsAsync<ArgumentException>(
            () => ApiFleet.StartAsync([new() { OwnProcess = true, Time = TimeProvider.System }], database, redis: ""));
    }
}
