using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Resilience.Simulation;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What an agent makes of what Redis answers, and of Redis not answering.</summary>
public sealed class CircuitAgentTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

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

    /// <summary>Asking again at once would be a loop that never waits.</summary>
    [Fact]
    public async Task While_redis_does_not_answer_no_further_probe_is_wanted_at_once()
    {
        await using RunningInstance instance = new();
        CircuitAgent agent = instance.Agents.Find(instance.Circuit.Name)!;
        await OpenAsync(instance);
        instance.IsRedisDown = true;
        Assert.False(await agent.ProbeAsync(Token));
        Assert.Equal((1, 0), (instance.Asked("acquire"), instance.Probes));
    }

    [Fact]
    public async Task What_came_of_a_probe_is_told_twice_at_once_and_then_before_the_next_is_asked_for()
    {
        await using RunningInstance instance = new();
        CircuitAgent agent = instance.Agents.Find(instance.Circuit.Name)!;
        await OpenAsync(instance);
        instance.Probe = _ =>
        {
            instance.IsRedisDown = true;
            return Task.CompletedTask;
        };
        Assert.True(await agent.ProbeAsync(Token));
        Assert.Equal((1, 2), (instance.Asked("acquire"), instance.Asked("conclude")));

        Assert.False(await agent.ProbeAsync(Token));
        Assert.Equal((1, 3), (instance.Asked("acquire"), instance.Asked("conclude")));

        instance.IsRedisDown = false;
        Assert.True(await agent.ProbeAsync(Token));
        Assert.Equal((2, 2), (instance.Asked("acquire"), instance.Probes));
    }

    [Fact]
    public async Task Who_hears_nothing_learns_of_a_transition_from_the_answer_to_its_own_question()
    {
        using SimulatedRedis redis = new();
        SimulatedFleet fleet = new(redis, 2);
        await OpenAsync(fleet);
        SimulatedInstance deaf = fleet.Instances[0];
        deaf.IsDeaf = true;
        fleet.Advance(fleet.Options.FirstOpenTime);

        deaf.BeginProbe();
        Assert.True(deaf.IsProbing);
        Assert.Equal(BreakerState.HalfOpen, deaf.Circuit.Snapshot.Fleet!.State);
    }

    [Fact]
    public async Task Whose_probes_fail_while_others_succeed_is_out_alone()
    {
        using SimulatedRedis redis = new();
        SimulatedFleet fleet = new(redis, 3);
        await OpenAsync(fleet);
        SimulatedInstance cutOff = fleet.Instances[0];
        cutOff.IsCutOff = true;
        fleet.Advance(fleet.Options.FirstOpenTime);

        cutOff.BeginProbe();
        Assert.False(cutOff.EndProbe());
        await fleet.RunAsync(fleet.Options.LongestOpenTime);
        Assert.Equal("closed", fleet.Stored["state"]);
        Assert.Equal([true, false, false], fleet.Instances.Select(instance => instance.Circuit.Snapshot.Local.IsOpen));
    }

    [Fact]
    public async Task Open_times_are_shortened_at_random_and_never_lengthened()
    {
        using SimulatedRedis redis = new();
        BreakerOptions options = new() { Jitter = 0.5 };
        List<TimeSpan> lengths = [];
        for (int i = 0; i < 20; i++)
        {
            SimulatedFleet fleet = new(redis, 1, options);
            await OpenAsync(fleet);
            lengths.Add(fleet.Instances[0].Circuit.Snapshot.Fleet!.Length);
        }

        Assert.All(lengths, length => Assert.InRange(length, options.FirstOpenTime / 2, options.FirstOpenTime));
        Assert.True(lengths.Distinct().Count() > 1);
    }

    private static async Task OpenAsync(RunningInstance instance)
    {
        Evidence none = default;
        await instance.Elsewhere.ReportAsync(instance.Circuit.Name, 0, none, none);
        instance.Time.Advance(RunningInstance.Options.InstanceLife);
        await instance.Elsewhere.ReportAsync(instance.Circuit.Name, 1, new Evidence(RunningInstance.Options.FailureThreshold, 0, 0), none);
        Assert.Equal(BreakerState.Open, instance.Circuit.Snapshot.Fleet!.State);
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
