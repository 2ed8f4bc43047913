using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Resilience.Simulation;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What an agent does when Redis does not answer.</summary>
public sealed class CircuitAgentTests
{
    /// <summary>Else its slot stays taken until the lease ends, and while the breaker is open there is only one.</summary>
    [Fact]
    public async Task What_came_of_a_probe_is_told_as_soon_as_redis_answers_again()
    {
        using SimulatedRedis redis = new();
        SimulatedFleet fleet = new(redis, 2);
        await OpenAsync(fleet);
        SimulatedInstance prober = fleet.Instances[0];

        prober.BeginProbe();
        Assert.True(prober.IsProbingForFleet);
        prober.IsPartitioned = true;
        Assert.True(prober.EndProbe());
        Assert.Equal("open", fleet.Stored["state"]);

        prober.IsPartitioned = false;
        prober.BeginProbe();
        Assert.Equal("half-open", fleet.Stored["state"]);
        Assert.Equal("1", fleet.Stored["wins"]);
        Assert.True(prober.IsProbing);
    }

    [Fact]
    public async Task After_a_silence_of_three_polls_an_instance_goes_on_alone_and_comes_back_when_it_hears_again()
    {
        using SimulatedRedis redis = new();
        SimulatedFleet fleet = new(redis, 2);
        SimulatedInstance instance = fleet.Instances[0];
        await fleet.RunAsync(fleet.Options.InstanceLife);
        await instance.Agent.ReportAsync();

        instance.IsPartitioned = true;
        fleet.Advance(fleet.Options.InstanceLife - TimeSpan.FromMilliseconds(1));
        await instance.Agent.ReportAsync();
        Assert.NotNull(instance.Circuit.Snapshot.Fleet);
        fleet.Advance(TimeSpan.FromMilliseconds(1));
        await instance.Agent.ReportAsync();
        Assert.Null(instance.Circuit.Snapshot.Fleet);

        instance.IsPartitioned = false;
        await instance.Agent.ReportAsync();
        Assert.NotNull(instance.Circuit.Snapshot.Fleet);
    }

    private static async Task OpenAsync(SimulatedFleet fleet)
    {
        await fleet.RunAsync(fleet.Options.InstanceLife);
        fleet.IsServerWell = false;
        foreach (SimulatedInstance instance in fleet.Instances)
        {
            for (int i = 0; i < fleet.Options.FailureThreshold; i++)
                instance.Call();
            await instance.Agent.ReportAsync();
        }

        Assert.Equal("open", fleet.Stored["state"]);
        fleet.IsServerWell = true;
    }
}
