using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Core.Tests.Resilience.Simulation;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What the agents of an instance do in the background, and when.</summary>
public sealed class CircuitAgentsTests
{
    private static readonly BreakerOptions Options = RunningInstance.Options;

    [Fact]
    public async Task Each_reports_at_once_and_then_at_intervals()
    {
        await using RunningInstance instance = new();
        await instance.StartAsync();
        await instance.ReportedAsync(1);
        Assert.Equal(1, instance.Asked("report"));
        Assert.Equal(1, instance.Circuit.Snapshot.Epoch);

        instance.Time.Advance(Options.ReportInterval);
        await instance.PolledAsync(1);
        Assert.Equal(1, instance.Asked("report"));
        instance.Time.Advance(Options.PollInterval - Options.ReportInterval);
        await instance.ReportedAsync(2);
        Assert.Equal(2, instance.Asked("report"));
    }

    [Fact]
    public async Task Failures_are_reported_soon_and_together()
    {
        await using RunningInstance instance = new();
        await instance.StartAsync();
        await instance.ReportedAsync(1);
        instance.Fail(3);
        instance.Time.Advance(Options.ReportInterval);
        await instance.ReportedAsync(2);
        instance.Time.Advance(Options.ReportInterval);
        await instance.PolledAsync(1);
        Assert.Equal(2, instance.Asked("report"));

        instance.Fail(1);
        await instance.ReportedAsync(3);
        Assert.Equal(3, instance.Asked("report"));
    }

    [Fact]
    public async Task When_redis_is_reachable_again_every_breaker_reports()
    {
        await using RunningInstance instance = new();
        instance.Agents.Add("other", static _ => Task.CompletedTask);
        await instance.StartAsync();
        await instance.ReportedAsync(2);
        instance.Time.Advance(Options.ReportInterval);
        await instance.PolledAsync(2);
        instance.Agents.ReportAllSoon();
        await instance.ReportedAsync(4);
        Assert.Equal(4, instance.Asked("report"));
    }

    [Fact]
    public async Task Who_started_together_does_not_ask_together_for_good()
    {
        await using RunningInstance instance = new();
        for (int i = 1; i < 20; i++)
            instance.Agents.Add($"server {i}", static _ => Task.CompletedTask);
        await instance.StartAsync();
        await instance.ReportedAsync(20);
        await instance.LookedAsync(20);
        instance.Time.Advance(Options.ReportInterval);
        await instance.PolledAsync(20);

        IEnumerable<TimeSpan> looks = instance.Time.Waits.Where(wait => wait > Options.PollInterval);
        IEnumerable<TimeSpan> polls = instance.Time.Waits.Where(wait => wait > Options.ReportInterval && wait < Options.PollInterval);
        Assert.Equal((20, 20), (looks.Count(), polls.Count()));
        Assert.All([looks, polls], waits => Assert.True(waits.Distinct().Count() > 1));
        Assert.All(looks, wait => Assert.InRange(wait, 0.9 * Options.ProbeInterval, Options.ProbeInterval));
        Assert.All(polls, wait => Assert.InRange(wait, 0.9 * (Options.PollInterval - Options.ReportInterval), Options.PollInterval - Options.ReportInterval));
    }

    [Fact]
    public async Task What_is_pushed_is_taken_over_at_once()
    {
        await using RunningInstance instance = new();
        await instance.Elsewhere.ForceAsync("server", 0, new BreakerOrder(BreakerState.Open, TimeSpan.FromHours(1), "operator", "why not"), long.MaxValue);
        Assert.True(instance.Circuit.IsBroken);
        Assert.Equal("why not", instance.Circuit.Snapshot.Fleet!.Reason);
        Assert.Equal(
            "Breaker server is Open for the fleet (epoch 2, by order of operator): why not", Assert.Single(instance.Log.GetSnapshot()).Message);
    }

    [Theory]
    [InlineData("other\n7\nopen\n0\n1000\n1\n2\n0\n-\n-\nwhy")]
    [InlineData("server\n7\nopen\n0\n1000\n1\n2\n0\n-\n-")]
    [InlineData("server")]
    [InlineData("\n")]
    [InlineData("")]
    public async Task What_is_pushed_and_is_not_its_own_is_left_alone(string message)
    {
        await using RunningInstance instance = new();
        instance.Agents.Hear(message);
        Assert.Equal(0, instance.Circuit.Snapshot.Epoch);
    }

    [Fact]
    public async Task Each_success_of_a_probe_is_followed_by_the_next_until_it_is_closed()
    {
        await using RunningInstance instance = new() { IsRedisDown = true };
        instance.Fail(5);
        await instance.StartAsync();
        await instance.LookedAsync(1);
        Assert.Equal(Options.SuccessesToClose, instance.Probes);
        Assert.False(instance.Circuit.IsBroken);
    }

    [Fact]
    public async Task A_probe_that_failed_is_repeated_after_the_interval()
    {
        await using RunningInstance instance = new() { IsRedisDown = true, Probe = static _ => throw new TimeoutException() };
        instance.Fail(5);
        await instance.StartAsync();
        await instance.LookedAsync(1);
        Assert.Equal(1, instance.Probes);
        instance.Time.Advance(Options.ProbeInterval);
        await instance.LookedAsync(2);
        Assert.Equal(2, instance.Probes);
        Assert.True(instance.Circuit.IsBroken);
    }

    [Fact]
    public async Task A_probe_that_hangs_has_failed_when_its_time_is_over()
    {
        await using RunningInstance instance = new() { IsRedisDown = true, Probe = static token => Task.Delay(Timeout.Infinite, token) };
        instance.Fail(5);
        await instance.StartAsync();
        await instance.ProbedAsync(1);
        instance.Time.Advance(Options.ProbeTimeout);
        await instance.LookedAsync(1);
        Assert.Equal(1, instance.Probes);
        Assert.True(instance.Circuit.IsBroken);
        Assert.Empty(Errors(instance));
    }

    [Fact]
    public async Task A_report_that_throws_is_told_and_the_next_one_follows()
    {
        await using RunningInstance instance = new() { Failure = new InvalidOperationException("not foreseen") };
        await instance.StartAsync();
        await instance.ReportedAsync(1);
        FakeLogRecord error = Assert.Single(Errors(instance));
        Assert.Same(instance.Failure, error.Exception);
        Assert.Contains("server", error.Message, StringComparison.Ordinal);

        instance.Failure = null;
        instance.Time.Advance(Options.ReportInterval);
        await instance.PolledAsync(1);
        instance.Time.Advance(Options.PollInterval);
        await instance.ReportedAsync(2);
        Assert.NotNull(instance.Circuit.Snapshot.Fleet);
    }

    [Fact]
    public async Task Asking_to_probe_may_throw_too()
    {
        await using RunningInstance instance = new();
        await instance.Elsewhere.ForceAsync("server", 0, new BreakerOrder(BreakerState.Open, TimeSpan.FromHours(1), "operator", "why not"), long.MaxValue);
        instance.Failure = new InvalidOperationException("not foreseen");
        await instance.StartAsync();
        await instance.ReportedAsync(1);
        await instance.LookedAsync(1);
        Assert.Equal(2, Errors(instance).Count());
        Assert.Equal(1, instance.Asked("acquire"));

        instance.Failure = null;
        instance.Time.Advance(Options.ProbeInterval);
        await instance.LookedAsync(2);
        Assert.Equal(2, instance.Asked("acquire"));
        Assert.Equal(2, Errors(instance).Count());
    }

    [Fact]
    public async Task They_end_with_the_app_even_in_the_middle_of_a_probe()
    {
        await using RunningInstance instance = new() { IsRedisDown = true, Probe = static token => Task.Delay(Timeout.Infinite, token) };
        instance.Fail(5);
        await instance.StartAsync();
        await instance.ProbedAsync(1);
        await instance.ReportedAsync(1);
        await instance.Agents.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(instance.Agents.ExecuteTask!.IsCompleted);
        instance.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((1, 1), (instance.Asked("report"), instance.Probes));
        Assert.Empty(Errors(instance));
    }

    [Fact]
    public async Task How_many_instances_there_are_is_kept_while_it_is_not_known()
    {
        await using RunningInstance instance = new();
        Assert.Equal(1, instance.Agents.LiveInstances);
        FleetState fleet = new() { Epoch = 1, State = BreakerState.Closed, Elapsed = TimeSpan.Zero };
        instance.Circuit.Adopt(fleet);
        Assert.Equal(1, instance.Agents.LiveInstances);
        instance.Circuit.Adopt(fleet with { Live = 3 });
        Assert.Equal(3, instance.Agents.LiveInstances);
        instance.Circuit.Adopt(fleet);
        Assert.Equal(3, instance.Agents.LiveInstances);
        instance.Circuit.Lose();
        Assert.Equal(3, instance.Agents.LiveInstances);
        instance.Circuit.Adopt(fleet with { Live = 1 });
        Assert.Equal(1, instance.Agents.LiveInstances);
    }

    [Fact]
    public async Task Every_breaker_is_found_by_its_name()
    {
        await using RunningInstance instance = new();
        SharedCircuit other = instance.Agents.Add("other", static _ => Task.CompletedTask);
        Assert.Same(other, instance.Agents.Find("other")!.Circuit);
        Assert.Null(instance.Agents.Find("nobody"));
        Assert.Equal(["server", "other"], instance.Agents.All.Select(agent => agent.Circuit.Name));
        Assert.Equal(instance.Time.GetUtcNow(), instance.Agents.StartedAt);
    }

    private static IEnumerable<FakeLogRecord> Errors(RunningInstance instance) =>
        instance.Log.GetSnapshot().Where(record => record.Level >= LogLevel.Error);
}
