using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What one instance makes of its own calls and of what the fleet says.</summary>
public sealed class SharedCircuitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BreakerOptions _options = new();
    private readonly SharedCircuit _circuit;

    public SharedCircuitTests() => _circuit = new SharedCircuit("server", _options, _time);

    [Fact]
    public void Knowing_nothing_it_lets_all_calls_through_and_opens_by_itself()
    {
        for (int i = 0; i < 4; i++)
            Assert.True(Call(succeeds: false));
        Assert.False(_circuit.IsBroken);
        Assert.True(_circuit.Snapshot.PassesAll);
        Assert.True(Call(succeeds: false));
        Assert.True(_circuit.IsBroken);
        Assert.False(Call(succeeds: true));
        Assert.Equal("5 of 5 calls failed", _circuit.Snapshot.Local.Reason);
        Assert.Equal(_options.FirstOpenTime, _circuit.RetryAfter);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(_options.FirstOpenTime - TimeSpan.FromMilliseconds(400), _circuit.RetryAfter);
        Assert.Same(_circuit.Snapshot.Rejection, _circuit.Snapshot.Rejection);
    }

    [Fact]
    public void What_came_lately_opens_it_whatever_was_well_before()
    {
        for (int i = 0; i < 1_000; i++)
            Call(succeeds: true);
        _time.Advance(_options.SamplingWindow / 10 + TimeSpan.FromMilliseconds(600));
        for (int i = 0; i < 4; i++)
            Call(succeeds: false);
        Assert.False(_circuit.IsBroken);
        Call(succeeds: false);
        Assert.True(_circuit.IsBroken);
        Assert.Equal("5 of 5 calls failed", _circuit.Snapshot.Local.Reason);
    }

    [Fact]
    public void When_both_would_open_it_what_came_lately_is_told()
    {
        for (int i = 0; i < 5; i++)
            Call(succeeds: true);
        _time.Advance(_options.SamplingWindow / 2);
        for (int i = 0; i < 5; i++)
            Call(succeeds: false);
        Assert.Equal("5 of 5 calls failed", _circuit.Snapshot.Local.Reason);
    }

    [Fact]
    public void Failures_that_are_spread_over_the_window_open_it()
    {
        for (int i = 0; i < 4; i++)
        {
            Call(succeeds: false);
            _time.Advance(_options.SamplingWindow / 5);
        }

        Assert.False(_circuit.IsBroken);
        Call(succeeds: false);
        Assert.True(_circuit.IsBroken);
        Assert.Equal("5 of 5 calls failed", _circuit.Snapshot.Local.Reason);
    }

    [Fact]
    public void Slow_calls_open_it_too()
    {
        for (int i = 0; i < 20; i++)
            _circuit.Succeeded(_circuit.Snapshot, _time.GetTimestamp(), slow: true);
        Assert.True(_circuit.IsBroken);
    }

    [Fact]
    public void Its_own_breaker_closes_by_three_probes_and_ramps()
    {
        OpenLocally();
        Probe(true, true);
        Assert.True(_circuit.IsBroken);
        Probe(false, true, true);
        Assert.True(_circuit.IsBroken);
        Probe(true);
        Assert.False(_circuit.IsBroken);
        Assert.Equal(10, PassedOf(100));
        _time.Advance(_options.RampTime / 3 + TimeSpan.FromMilliseconds(1));
        Assert.Equal(25, PassedOf(100));
        _time.Advance(_options.RampTime / 3);
        Assert.Equal(50, PassedOf(100));
        _time.Advance(_options.RampTime / 3);
        Assert.Equal(100, PassedOf(100));
    }

    [Fact]
    public void Its_open_time_doubles_while_probes_fail_and_starts_anew_after_a_long_time_closed()
    {
        OpenLocally();
        List<double> seconds = [];
        for (int i = 0; i < 7; i++)
        {
            seconds.Add(_circuit.Snapshot.Local.OpenTime.TotalSeconds);
            Probe(false);
            Assert.Equal(seconds[^1], _circuit.Snapshot.Local.OpenTime.TotalSeconds);
            _time.Advance(_circuit.Snapshot.Local.OpenTime);
            Probe(false);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30], seconds);
        Assert.Equal("probes failed", _circuit.Snapshot.Local.Reason);
        Probe(true, true, true);
        _time.Advance(_options.LongestOpenTime);
        OpenLocally();
        Assert.Equal(_options.FirstOpenTime, _circuit.Snapshot.Local.OpenTime);
    }

    [Fact]
    public void Having_been_closed_for_a_short_time_it_opens_for_longer()
    {
        OpenLocally();
        Probe(true, true, true);
        _time.Advance(_options.RampTime + TimeSpan.FromSeconds(1));
        OpenLocally();
        Assert.Equal(2 * _options.FirstOpenTime, _circuit.Snapshot.Local.OpenTime);
    }

    [Fact]
    public void What_failed_before_it_closed_does_not_open_it_again()
    {
        OpenLocally();
        Probe(true, true, true);
        _time.Advance(_options.RampTime);
        Call(succeeds: false);
        Assert.False(_circuit.IsBroken);
    }

    [Theory]
    [InlineData(BreakerState.Open)]
    [InlineData(BreakerState.HalfOpen)]
    public void What_the_fleet_has_opened_lets_nothing_through_and_ends_its_own_part(BreakerState state)
    {
        OpenLocally();
        _circuit.Adopt(Fleet(1, state));
        Assert.True(_circuit.IsBroken);
        Assert.False(Call(succeeds: true));
        Assert.False(_circuit.Snapshot.Local.IsOpen);
    }

    [Fact]
    public void It_tells_how_long_the_fleet_will_leave_the_server_alone()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Open) with { Length = TimeSpan.FromSeconds(8), Elapsed = TimeSpan.FromSeconds(2) });
        Assert.Equal(TimeSpan.FromSeconds(6), _circuit.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(6), _circuit.Snapshot.Rejection.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(_options.ProbeInterval, _circuit.RetryAfter);
    }

    [Fact]
    public void The_fleets_breaker_ramps_when_it_has_closed_and_not_when_it_was_never_open()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        Assert.Equal(100, PassedOf(100));
        _circuit.Adopt(Fleet(2, BreakerState.Closed) with { Streak = 1 });
        Assert.Equal(10, PassedOf(100));
        _circuit.Adopt(Fleet(2, BreakerState.Closed) with { Streak = 1, Elapsed = _options.RampTime });
        Assert.Equal(100, PassedOf(100));
    }

    [Fact]
    public void What_is_older_than_what_it_knows_is_not_adopted()
    {
        _circuit.Adopt(Fleet(5, BreakerState.Open));
        _circuit.Adopt(Fleet(4, BreakerState.Closed));
        Assert.True(_circuit.IsBroken);
        Assert.Equal(5, _circuit.Snapshot.Epoch);
        _circuit.Adopt(Fleet(5, BreakerState.Open) with { Reason = "refreshed" });
        Assert.Equal("refreshed", _circuit.Snapshot.Fleet!.Reason);
    }

    [Fact]
    public void A_call_of_an_older_epoch_says_nothing()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        CircuitSnapshot began = _circuit.Snapshot;
        _circuit.Adopt(Fleet(2, BreakerState.Closed));
        int told = 0;
        _circuit.EvidenceFound += () => told++;
        for (int i = 0; i < 10; i++)
            _circuit.Failed(began, _time.GetTimestamp());
        Assert.False(_circuit.IsBroken);
        Assert.Equal(0, told);
        _circuit.Failed(_circuit.Snapshot, _time.GetTimestamp());
        Assert.Equal(1, told);
    }

    [Fact]
    public void A_call_of_the_same_epoch_counts_although_the_state_was_read_again()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        CircuitSnapshot began = _circuit.Snapshot;
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        for (int i = 0; i < 5; i++)
            _circuit.Failed(began, _time.GetTimestamp());
        Assert.True(_circuit.IsBroken);
    }

    [Fact]
    public void An_order_to_keep_it_closed_overrules_its_own_breaker_and_ends()
    {
        OpenLocally();
        _circuit.Adopt(Fleet(1, BreakerState.Closed) with { IsForced = true, Length = TimeSpan.FromMinutes(1) });
        Assert.True(Call(succeeds: false));
        Assert.False(_circuit.IsBroken);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_circuit.IsBroken);
    }

    [Fact]
    public void While_it_is_held_closed_failures_do_not_open_it()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed) with { IsForced = true, Length = TimeSpan.FromMinutes(1) });
        for (int i = 0; i < 20; i++)
            Assert.True(Call(succeeds: false));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Call(succeeds: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void When_the_shared_state_is_lost_while_open_its_own_breaker_goes_on(bool flushed)
    {
        _circuit.Adopt(Fleet(3, BreakerState.Open));
        if (flushed)
            _circuit.Adopt(Fleet(4, BreakerState.Closed) with { Live = 0 });
        else
            _circuit.Lose();
        Assert.True(_circuit.IsBroken);
        Assert.True(_circuit.Snapshot.Local.IsOpen);
        Probe(true, true, true);
        Assert.False(_circuit.IsBroken);
    }

    [Fact]
    public void When_it_closed_by_its_probes_nothing_is_lost()
    {
        _circuit.Adopt(Fleet(3, BreakerState.HalfOpen));
        _circuit.Adopt(Fleet(4, BreakerState.Closed) with { Streak = 1, Live = 0 });
        Assert.False(_circuit.Snapshot.Local.IsOpen);
    }

    [Fact]
    public void When_the_shared_state_is_lost_while_closed_calls_pass_and_its_epoch_stays()
    {
        _circuit.Adopt(Fleet(3, BreakerState.Closed));
        _circuit.Lose();
        Assert.Null(_circuit.Snapshot.Fleet);
        Assert.Equal(3, _circuit.Snapshot.Epoch);
        Assert.True(Call(succeeds: true));
        _circuit.Adopt(Fleet(2, BreakerState.Open));
        Assert.False(_circuit.IsBroken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whose_probe_failed_while_others_succeeded_takes_itself_out(bool failed)
    {
        _circuit.Adopt(Fleet(3, BreakerState.HalfOpen));
        _circuit.FleetProbed(!failed);
        _circuit.Adopt(Fleet(4, BreakerState.Closed) with { Streak = 1 });
        Assert.Equal(failed, _circuit.Snapshot.Local.IsOpen);
        Assert.Equal(failed ? "this instance's probe failed while others' succeeded" : "", _circuit.Snapshot.Local.Reason);
    }

    [Fact]
    public void A_probe_that_failed_in_the_outage_before_is_nothing_of_its_own()
    {
        _circuit.Adopt(Fleet(2, BreakerState.Open));
        _circuit.FleetProbed(false);
        _circuit.Adopt(Fleet(3, BreakerState.HalfOpen));
        _circuit.Adopt(Fleet(4, BreakerState.Closed) with { Streak = 1 });
        Assert.False(_circuit.Snapshot.Local.IsOpen);
    }

    [Fact]
    public void In_shadow_mode_it_decides_and_refuses_nothing()
    {
        SharedCircuit shadow = new("server", _options with { Shadow = true }, _time);
        shadow.Adopt(Fleet(1, BreakerState.Open));
        Assert.True(shadow.Snapshot.PassesAll);
        Assert.False(shadow.IsBroken);
        Assert.Equal(0, shadow.Snapshot.ShareAt(_time.GetTimestamp()));

        for (int i = 0; i < 5; i++)
            shadow.Failed(shadow.Snapshot, _time.GetTimestamp());
        Assert.False(shadow.Snapshot.Local.IsOpen);
    }

    [Fact]
    public void Changes_are_told_once_each()
    {
        List<(CircuitSnapshot Before, CircuitSnapshot After)> changes = [];
        _circuit.Changed += (before, after) => changes.Add((before, after));
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        _circuit.Adopt(Fleet(0, BreakerState.Open));
        _circuit.LocalProbed(succeeded: true);
        Assert.Single(changes);
        Assert.Same(changes[0].After, _circuit.Snapshot);
        _circuit.Lose();
        _circuit.Lose();
        Assert.Equal(2, changes.Count);
    }

    private static FleetState Fleet(long epoch, BreakerState state) =>
        new() { Epoch = epoch, State = state, Elapsed = TimeSpan.Zero, Length = TimeSpan.FromSeconds(1), Live = 5 };

    private void OpenLocally()
    {
        for (int i = 0; i < 9; i++)
            Call(succeeds: false);
        Assert.True(_circuit.Snapshot.Local.IsOpen);
    }

    private void Probe(params bool[] results)
    {
        foreach (bool succeeded in results)
            _circuit.LocalProbed(succeeded);
    }

    private int PassedOf(int calls) => Enumerable.Range(0, calls).Count(_ => Call(succeeds: true));

    private bool Call(bool succeeds)
    {
        CircuitSnapshot snapshot = _circuit.Snapshot;
        long now = _time.GetTimestamp();
        if (!snapshot.PassesAll && !_circuit.Admits(snapshot, now))
            return false;
        if (succeeds)
            _circuit.Succeeded(snapshot, now, slow: false);
        else
            _circuit.Failed(snapshot, now);
        return true;
    }
}
