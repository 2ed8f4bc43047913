using Microsoft.Extensions.Time.Testing;
using Polly;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Resilience.Simulation;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience.PriorArt;

/// <summary>Schedules on which earlier shared breakers misbehave, each played by such an algorithm and by ours.</summary>
public sealed class CounterexampleTests : IDisposable
{
    private const int Instances = 5;

    private readonly SimulatedRedis _redis = new();

    public void Dispose() => _redis.Dispose();

    [Fact]
    public async Task One_instance_with_a_cut_cable_takes_the_server_from_all_others()
    {
        SharedCounter theirs = new(new FakeTimeProvider());
        for (int i = 0; i < 5; i++)
            theirs.Failed();
        Assert.True(theirs.IsOpen);

        SimulatedFleet ours = await StartedAsync();
        ours.Instances[0].IsCutOff = true;
        await CallAndRunAsync(ours, TimeSpan.FromSeconds(5));
        Assert.Equal("closed", ours.Stored["state"]);
        Assert.True(ours.Instances[0].Circuit.IsBroken);
        Assert.All(ours.Instances.Skip(1), instance => Assert.False(instance.Circuit.IsBroken));
    }

    [Fact]
    public async Task A_prober_that_dies_keeps_the_breaker_from_closing_for_minutes()
    {
        FakeTimeProvider time = new();
        SharedCounter theirs = new(time);
        for (int i = 0; i < 5; i++)
            theirs.Failed();
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.True(theirs.TryProbe());
        time.Advance(SharedCounter.BudgetLife - TimeSpan.FromSeconds(1));
        Assert.False(theirs.TryProbe());

        SimulatedFleet ours = await OpenedAsync();
        ours.IsServerWell = true;
        ours.Advance(ours.Options.ProbeInterval);
        ours.Instances[0].BeginProbe();
        Assert.True(ours.Instances[0].IsProbing);
        ours.Replace(0);
        await ours.RunAsync(ours.Options.ProbeLease + ours.Options.RampTime + 2 * ours.Options.ProbeInterval);
        Assert.Equal("closed", ours.Stored["state"]);
    }

    [Fact]
    public async Task A_store_that_is_down_fails_calls_to_a_server_that_is_well()
    {
        MutexAroundTheCall theirs = new() { IsRedisDown = true };
        Assert.Throws<InvalidOperationException>(() => theirs.TryBegin());

        SimulatedFleet ours = await StartedAsync();
        ours.IsRedisDown = true;
        await ours.RunAsync(TimeSpan.FromSeconds(10));
        Assert.All(ours.Instances, instance => Assert.True(instance.Call()));
    }

    [Fact]
    public async Task Two_calls_at_once_wait_for_each_other()
    {
        MutexAroundTheCall theirs = new();
        Assert.True(theirs.TryBegin());
        Assert.False(theirs.TryBegin());

        SimulatedFleet ours = await StartedAsync();
        ResiliencePipeline<int> pipeline = new ResiliencePipelineBuilder<int>()
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int> { Circuit = ours.Instances[0].Circuit })
            .Build();
        TaskCompletionSource<int> answer = new();
        Task<int> first = pipeline.ExecuteAsync(_ => new ValueTask<int>(answer.Task), TestContext.Current.CancellationToken).AsTask();
        Assert.Equal(2, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(2), TestContext.Current.CancellationToken));
        Assert.False(first.IsCompleted);
        answer.SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task A_clock_that_is_an_hour_ahead_opens_it_for_an_hour()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        ClientClock theirs = new();
        theirs.Open(now + TimeSpan.FromHours(1));
        Assert.True(theirs.IsOpen(now + TimeSpan.FromMinutes(59)));

        // Ours has only Redis' clock. It is set back by an hour while the breaker is open: the same lie.
        SimulatedFleet ours = await OpenedAsync();
        ours.StepRedisClock(TimeSpan.FromHours(-1));
        ours.IsServerWell = true;
        await ours.RunAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("closed", ours.Stored["state"]);
    }

    [Fact]
    public async Task Two_instances_that_read_before_either_writes_probe_both()
    {
        ReadThenWrite theirs = new();
        string first = theirs.Read();
        string second = theirs.Read();
        Assert.True(theirs.Decide(first) && theirs.Decide(second));

        SimulatedFleet ours = await OpenedAsync(new BreakerOptions { ProbePermits = 1 });
        ours.Advance(ours.Options.LongestOpenTime);
        foreach (SimulatedInstance instance in ours.Instances)
            instance.BeginProbe();
        Assert.Single(ours.Instances, instance => instance.IsProbing);
    }

    [Fact]
    public async Task A_fixed_open_time_of_30_s_outlasts_an_outage_of_10_s()
    {
        FakeTimeProvider time = new();
        SharedCounter theirs = new(time);
        for (int i = 0; i < 5; i++)
            theirs.Failed();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(theirs.TryProbe());

        SimulatedFleet ours = await OpenedAsync();
        await ours.RunAsync(TimeSpan.FromSeconds(10));
        ours.IsServerWell = true;
        await ours.RunAsync(TimeSpan.FromSeconds(2));
        Assert.All(ours.Instances, instance => Assert.Equal(1, instance.Circuit.Snapshot.ShareAt(ours.Time.GetTimestamp())));
    }

    private async Task<SimulatedFleet> StartedAsync(BreakerOptions? options = null)
    {
        SimulatedFleet fleet = new(_redis, Instances, options);
        await fleet.RunAsync(TimeSpan.FromSeconds(5));
        Assert.All(fleet.Instances, instance => Assert.Equal(Instances, instance.Circuit.Snapshot.Fleet!.Live));
        return fleet;
    }

    private async Task<SimulatedFleet> OpenedAsync(BreakerOptions? options = null)
    {
        SimulatedFleet fleet = await StartedAsync(options);
        fleet.IsServerWell = false;
        foreach (SimulatedInstance instance in fleet.Instances)
        {
            instance.Call();
            instance.Call();
            await instance.Agent.ReportAsync();
        }

        Assert.Equal("open", fleet.Stored["state"]);
        return fleet;
    }

    private static async Task CallAndRunAsync(SimulatedFleet fleet, TimeSpan time)
    {
        for (TimeSpan run = TimeSpan.Zero; run < time; run += fleet.Options.ProbeInterval)
        {
            foreach (SimulatedInstance instance in fleet.Instances)
            {
                for (int i = 0; i < 4; i++)
                    instance.Call();
            }

            await fleet.RunAsync(fleet.Options.ProbeInterval);
        }
    }
}
