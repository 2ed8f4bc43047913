using System.Globalization;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

/// <summary>Plays a history and holds it against a simple model: what each instance was told, and which calls failed where and when.</summary>
internal sealed class Referee(SimulatedFleet fleet)
{
    /// <summary>
    /// After the last fault every breaker lets all calls through within this, without a single call of a user: what failed before
    /// may still open it while it counts (10 s); then a dead prober's lease (2 s), probes (0.5 s each at most), the ramp (1 s).
    /// </summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, List<Failure>> _failures = [];
    private readonly Dictionary<string, long> _epochs = [];
    private DateTimeOffset _leasesHoldFrom = DateTimeOffset.MinValue;
    private TimeSpan _steppedBack;
    private int _judged;
    private int _flushedAt;

    private BreakerOptions Options => fleet.Options;

    public async Task PlayAsync(History history)
    {
        foreach (Event one in history.Events)
        {
            int index = one.Instance % history.Instances;
            await HappenAsync(one, index, fleet.Instances[index]);
            Judge();
        }

        await EndFaultsAsync();
    }

    private async Task HappenAsync(Event one, int index, SimulatedInstance instance)
    {
        switch (one.What)
        {
            case Happening.Call:
                for (int i = 0; i < one.Amount; i++)
                    Call(instance);
                break;
            case Happening.Report:
                await instance.Agent.ReportAsync();
                Agree(instance);
                break;
            case Happening.BeginProbe:
                instance.BeginProbe();
                break;
            case Happening.EndProbe:
                instance.EndProbe();
                break;
            case Happening.TimePasses:
                fleet.Advance(TimeSpan.FromMilliseconds(100 * one.Amount));
                break;
            case Happening.ServerFails or Happening.ServerRecovers:
                fleet.IsServerWell = one.What == Happening.ServerRecovers;
                break;
            case Happening.CutOff or Happening.Reconnect:
                instance.IsCutOff = one.What == Happening.CutOff;
                break;
            case Happening.Crash:
                fleet.Replace(index);
                break;
            case Happening.Partition or Happening.Heal:
                instance.IsPartitioned = one.What == Happening.Partition;
                instance.IsDeaf = false;
                break;
            case Happening.Deafen:
                instance.IsDeaf = true;
                break;
            case Happening.RedisFails or Happening.RedisRecovers:
                fleet.IsRedisDown = one.What == Happening.RedisFails;
                break;
            case Happening.Flush:
                fleet.Redis.Flush();
                _flushedAt = fleet.Transitions.Count;
                LeasesAreVoid();
                break;
            case Happening.ClockForward:
                fleet.StepRedisClock(TimeSpan.FromSeconds(Math.Pow(2, one.Amount)));
                LeasesAreVoid();
                break;
            case Happening.ClockBack:
                TimeSpan step = TimeSpan.FromSeconds(Math.Pow(2, one.Amount));
                _steppedBack += step;
                fleet.StepRedisClock(-step);
                break;
            case Happening.ForceOpen or Happening.ForceClosed or Happening.GiveBack:
                BreakerState? state = one.What switch
                {
                    Happening.ForceOpen => BreakerState.Open,
                    Happening.ForceClosed => BreakerState.Closed,
                    _ => null,
                };
                await instance.Agent.ForceAsync(new BreakerOrder(state, TimeSpan.FromSeconds(one.Amount), "operator", "a test"), long.MaxValue);
                break;
        }
    }

    /// <summary>No instance calls while it knows the breaker to be open, and none that has no reason is kept from calling.</summary>
    private void Call(SimulatedInstance instance)
    {
        LocalBreaker local = instance.Circuit.Snapshot.Local;
        bool passed = instance.Call();
        if (passed && !instance.Reaches)
            FailuresOf(instance).Add(new Failure(fleet.Time.GetUtcNow(), _steppedBack));

        bool knowsItOpen = instance.Told is { State: not BreakerState.Closed } && instance.Circuit.Snapshot.Fleet is not null;
        Assert.False(passed && knowsItOpen, "it called while it knew the breaker to be open");

        bool knowsItClosed = instance.Told is null or { State: BreakerState.Closed, Streak: 0 };
        bool hasFailed = FailuresOf(instance).Count >= Options.FailureThreshold;
        if (knowsItClosed && !hasFailed && !local.IsOpen && local.Streak == 0)
            Assert.True(passed, "it was kept from calling for no reason");
    }

    private void Judge()
    {
        for (; _judged < fleet.Transitions.Count; _judged++)
            JudgeTransition(_judged == _flushedAt ? null : fleet.Transitions[_judged - 1].State, fleet.Transitions[_judged].State, fleet.Transitions[_judged].At);

        foreach (SimulatedInstance instance in fleet.Instances)
        {
            long known = _epochs.GetValueOrDefault(instance.Name);
            Assert.True(instance.Circuit.Snapshot.Epoch >= known, "an epoch was turned back");
            _epochs[instance.Name] = instance.Circuit.Snapshot.Epoch;
        }

        Assert.True(LeasesInForce().Count() <= Options.ProbePermits, "more leases than permits");
        if (fleet.Time.GetUtcNow() >= _leasesHoldFrom)
            Assert.True(ProbesForFleet() <= Options.ProbePermits, "more probes in flight than permits");
    }

    /// <summary>Two epochs are never open one after the other without a close between them, and none opens on one voice of many.</summary>
    private void JudgeTransition(FleetState? before, FleetState after, DateTimeOffset now)
    {
        if (before is not null)
            Assert.True(after.Epoch > before.Epoch, "an epoch was given twice");
        if (after is { State: BreakerState.Open, IsForced: false } && after.Reason.Contains("calls", StringComparison.Ordinal))
        {
            Assert.True(before is null or { State: BreakerState.Closed } || before.Epoch < after.Epoch - 1, "it opened while it was open");
            int voices = _failures.Count(one => one.Value.Any(failure => MayCount(failure, now)));
            Assert.True(voices >= (after.Live == 1 ? 1 : 2), $"{voices} of {after.Live} instances opened it");
        }
    }

    /// <summary>
    /// What an instance has reported counts for its window and until it counts as gone. A clock that steps back by no more than has
    /// passed since the last report cannot be told from one that went on, and keeps a report for as much longer.
    /// </summary>
    private bool MayCount(Failure failure, DateTimeOffset now) =>
        now - failure.At < Options.SamplingWindow * 1.1 + Options.InstanceLife + (_steppedBack - failure.SteppedBack);

    /// <summary>Whoever has just heard from the store knows what the store holds.</summary>
    private void Agree(SimulatedInstance instance)
    {
        if (instance.IsPartitioned || fleet.IsRedisDown)
            return;
        Assert.Equal(fleet.Stored["epoch"], instance.Circuit.Snapshot.Epoch.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(fleet.Stored["state"], instance.Circuit.Snapshot.Fleet!.State switch
        {
            BreakerState.Closed => "closed",
            BreakerState.HalfOpen => "half-open",
            _ => "open",
        });
    }

    private async Task EndFaultsAsync()
    {
        fleet.IsServerWell = true;
        fleet.IsRedisDown = false;
        foreach (SimulatedInstance instance in fleet.Instances)
        {
            instance.IsCutOff = instance.IsPartitioned = instance.IsDeaf = false;
            // Orders are given back: how long they hold is what was asked for.
            await instance.Agent.ReportAsync();
            await instance.Agent.ForceAsync(new BreakerOrder(null, TimeSpan.Zero, "operator", "the end"), long.MaxValue);
        }

        await fleet.RunAsync(Recovery);
        Judge();
        Assert.Equal("closed", fleet.Stored["state"]);
        foreach (SimulatedInstance instance in fleet.Instances)
        {
            Agree(instance);
            Assert.Equal(1, instance.Circuit.Snapshot.ShareAt(fleet.Time.GetTimestamp()));
            Assert.True(instance.Call());
        }

        Assert.Empty(LeasesInForce());
    }

    private void LeasesAreVoid() => _leasesHoldFrom = fleet.Time.GetUtcNow() + Options.ProbeTimeout;

    private IEnumerable<string> LeasesInForce() => fleet.Stored
        .Where(static field => field.Key.StartsWith("p:", StringComparison.Ordinal))
        .Select(static field => field.Value)
        .Where(lease => long.Parse(lease.Split(' ')[0], CultureInfo.InvariantCulture) > fleet.Redis.Now.ToUnixTimeMilliseconds());

    private int ProbesForFleet() => fleet.Instances.Count(static instance => instance is { IsProbing: true, IsProbingForFleet: true });

    private List<Failure> FailuresOf(SimulatedInstance instance)
    {
        if (!_failures.TryGetValue(instance.Name, out List<Failure>? failures))
            _failures.Add(instance.Name, failures = []);
        return failures;
    }

    /// <param name="At">When, by the time that nobody can set.</param>
    /// <param name="SteppedBack">By how much Redis' clock had been set back by then, all in all.</param>
    private readonly record struct Failure(DateTimeOffset At, TimeSpan SteppedBack);
}
