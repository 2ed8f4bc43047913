using System.Globalization;
using CsCheck;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Throttling.RateLimits.Simulation;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits;

/// <summary>
/// Random histories over 1 to 6 instances: the real limiters, the real script, a time and a network of their own. More with the
/// environment variable TBYTE_RATE_LIMIT_HISTORIES.
/// </summary>
public sealed class RateLimitHistoryTests
{
    private enum Happening
    {
        Request,
        Burst,
        TimePasses,
        WaitAsTold,
        BeSlow,
        Deliver,
        Crash,
        ClockBack,
        LoseAnswer,
        RedisFails,
        RedisRecovers,
    }

    private readonly record struct Event(Happening What, int Instance, int Amount);

    private sealed record History(int Instances, int Permits, Event[] Events)
    {
        public override string ToString() =>
            $"{Instances} instances, {Permits} permits: {string.Join(", ", Events.Select(static one => $"{one.What}({one.Instance},{one.Amount})"))}";
    }

    private static readonly long Histories =
        long.Parse(Environment.GetEnvironmentVariable("TBYTE_RATE_LIMIT_HISTORIES") ?? "5000", CultureInfo.InvariantCulture);

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private static readonly Gen<Happening> WhatIsHarmless = Gen.Frequency(
        (20, Gen.Const(Happening.Request)),
        (8, Gen.Const(Happening.Burst)),
        (20, Gen.Const(Happening.TimePasses)),
        (3, Gen.Const(Happening.WaitAsTold)),
        (2, Gen.Const(Happening.BeSlow)),
        (2, Gen.Const(Happening.Deliver)),
        (1, Gen.Const(Happening.Crash)));

    private static readonly Gen<Happening> Anything = Gen.Frequency(
        (20, WhatIsHarmless),
        (1, Gen.Const(Happening.ClockBack)),
        (2, Gen.Const(Happening.LoseAnswer)),
        (1, Gen.Const(Happening.RedisFails)),
        (1, Gen.Const(Happening.RedisRecovers)));

    [Fact]
    public void No_window_wherever_it_begins_sees_more_than_the_limit() =>
        Sample(Gen.Frequency((40, WhatIsHarmless), (1, Gen.Const(Happening.ClockBack))), (fleet, history) =>
            Assert.True(fleet.MostInAnyWindow() <= history.Permits, $"{fleet.MostInAnyWindow()} in one window"));

    /// <summary>Played for what happens on the way: <see cref="WaitAsToldAsync"/>.</summary>
    [Fact]
    public void Who_waits_as_told_is_let_through() => Sample(WhatIsHarmless, static (_, _) => { });

    /// <summary>Alone an instance keeps its share; what it let through then counts for the fleet as soon as that can be told.</summary>
    [Fact]
    public void Whatever_happens_to_redis_no_window_sees_more_than_the_limit_and_every_instances_share() =>
        Sample(Anything, (fleet, history) =>
        {
            int instances = history.Instances + history.Events.Count(static one => one.What == Happening.Crash);
            int shares = instances * Math.Max(1, history.Permits / history.Instances);
            Assert.True(fleet.MostInAnyWindow() <= history.Permits + shares, $"{fleet.MostInAnyWindow()} in one window");
        });

    /// <summary>An instance counts by longer slices than the store, and must not restore from them what counts no more.</summary>
    [Fact]
    public async Task What_was_spent_a_window_ago_is_not_taken_for_something_that_the_store_has_lost()
    {
        using SimulatedRedis redis = new();
        LimitedFleet fleet = new(redis, instances: 1, new RateLimitPolicy("test", 38, Window));
        // Two milliseconds before a slice of the store ends.
        fleet.Advance(TimeSpan.FromMilliseconds(1_873));
        for (int i = 0; i < 38; i++)
            Assert.True((await fleet.RequestAsync(0)).IsGranted);

        await WaitAsToldAsync(fleet, instance: 0, other: 0, keepsPromises: true);
    }

    private static void Sample(Gen<Happening> happenings, Action<LimitedFleet, History> judge)
    {
        Gen<History> histories = Gen.Select(
            Gen.Int[1, 6],
            Gen.OneOf(Gen.Int[1, 12], Gen.Int[20, 300]),
            Gen.Select(happenings, Gen.Int[0, 5], Gen.Int[1, 40], static (what, instance, amount) => new Event(what, instance, amount)).Array[20, 150],
            static (instances, permits, events) => new History(instances, permits, events));
        using ThreadLocal<SimulatedRedis> redis = new(static () => new SimulatedRedis(), trackAllValues: true);
        histories.Sample(
            history =>
            {
                LimitedFleet fleet = new(redis.Value!, history.Instances, new RateLimitPolicy("test", history.Permits, Window));
                PlayAsync(fleet, history).GetAwaiter().GetResult();
                judge(fleet, history);
            },
            iter: Histories);
        foreach (SimulatedRedis one in redis.Values)
            one.Dispose();
    }

    private static async Task PlayAsync(LimitedFleet fleet, History history)
    {
        bool keepsPromises = history.Events.All(static one => one.What is not (Happening.ClockBack or Happening.LoseAnswer or Happening.RedisFails));
        double slowFor = 0;
        List<Task>[] underWay = [.. Enumerable.Range(0, history.Instances).Select(static _ => new List<Task>())];
        foreach (Event one in history.Events)
        {
            int index = one.Instance % history.Instances;
            LimitedInstance instance = fleet.Instances[index];
            switch (one.What)
            {
                case Happening.Request:
                    underWay[index].Add(fleet.RequestAsync(index));
                    break;
                case Happening.Burst:
                    for (int i = 0; i < one.Amount; i++)
                        underWay[index].Add(fleet.RequestAsync(index));
                    break;
                case Happening.TimePasses:
                    double milliseconds = Math.Pow(1.3, one.Amount);
                    // An answer that takes longer than the gate's budget is none.
                    if ((slowFor += milliseconds) > 50)
                        await DeliverAllAsync();
                    fleet.Advance(TimeSpan.FromMilliseconds(milliseconds));
                    break;
                case Happening.WaitAsTold:
                    await DeliverAllAsync();
                    await WaitAsToldAsync(fleet, index, (index + one.Amount) % history.Instances, keepsPromises);
                    break;
                case Happening.BeSlow:
                    await DeliverAllAsync();
                    instance.IsSlow = true;
                    slowFor = 0;
                    break;
                case Happening.Deliver:
                    await DeliverAsync(instance, underWay[index]);
                    break;
                case Happening.Crash:
                    await DeliverAsync(instance, underWay[index]);
                    fleet.Replace(index);
                    break;
                case Happening.ClockBack:
                    fleet.StepRedisClock(-TimeSpan.FromSeconds(Math.Pow(1.5, one.Amount)));
                    break;
                case Happening.LoseAnswer:
                    instance.LosesNextAnswer = true;
                    break;
                case Happening.RedisFails or Happening.RedisRecovers:
                    fleet.IsRedisDown = one.What == Happening.RedisFails;
                    break;
            }

            Assert.True(fleet.HeldAhead * 10 < history.Permits || fleet.HeldAhead == 0, $"{fleet.HeldAhead} held ahead");
        }

        await DeliverAllAsync();

        async Task DeliverAllAsync()
        {
            for (int i = 0; i < history.Instances; i++)
                await DeliverAsync(fleet.Instances[i], underWay[i]);
        }
    }

    /// <summary>Whoever is refused and comes back when it was told to, to whichever instance, is let through if nobody else asks.</summary>
    private static async Task WaitAsToldAsync(LimitedFleet fleet, int instance, int other, bool keepsPromises)
    {
        PolicyVerdict told = await fleet.RequestAsync(instance);
        if (told.IsGranted || fleet.IsRedisDown)
            return;

        fleet.Advance(told.FreeIn);
        PolicyVerdict again = await fleet.RequestAsync(other);
        // What was told before Redis' clock was set back, or while instances were alone, is no promise.
        Assert.True(!keepsPromises || again.IsGranted, $"refused after the {told.FreeIn} that it was told to wait; now {again.FreeIn}");
    }

    private static async Task DeliverAsync(LimitedInstance instance, List<Task> underWay)
    {
        instance.Deliver();
        // They go on on other threads; time must not pass before they have.
        await Task.WhenAll(underWay);
        underWay.Clear();
    }
}
