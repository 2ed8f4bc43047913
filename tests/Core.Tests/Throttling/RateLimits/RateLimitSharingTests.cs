using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Throttling.RateLimits.Simulation;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits;

/// <summary>How much of a limit a fleet hands out, and what that costs in calls; in a time of its own.</summary>
public sealed class RateLimitSharingTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly SimulatedRedis _redis = new();

    public void Dispose() => _redis.Dispose();

    /// <summary>A caller that never stops asking, on all sides, gets nine tenths of what it may have at the least, and never more than that.</summary>
    [Theory]
    [InlineData(1, 100)]
    [InlineData(5, 100)]
    [InlineData(5, 1_000)]
    [InlineData(5, 10_000)]
    [InlineData(20, 100)]
    public async Task Most_of_the_limit_is_granted_while_it_is_asked_for(int instances, int permits)
    {
        const int Windows = 10;
        LimitedFleet fleet = Fleet(instances, permits);
        for (int step = 0; step < Windows * 600; step++)
        {
            for (int i = 0; i < instances; i++)
            {
                while ((await fleet.RequestAsync(i)).IsGranted)
                {
                }
            }

            fleet.Advance(Window / 600);
        }

        Assert.InRange(fleet.MostInAnyWindow(), 0, permits);
        double share = fleet.Admitted.Count / (double)(permits * Windows);
        TestContext.Current.SendDiagnosticMessage($"{instances} instances, {permits} permits: {share:P1} of the limit");
        Assert.True(share >= 0.9, $"{share:P1} of the limit");
    }

    /// <summary>A caller that stays just below the limit is not refused, whichever instances it gets to.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Who_keeps_to_nine_tenths_of_the_limit_is_never_refused(int instances)
    {
        LimitedFleet fleet = Fleet(instances, permits: 100);
        for (int request = 0; request < 900; request++)
        {
            Assert.True((await fleet.RequestAsync(request % instances)).IsGranted, $"request {request}");
            fleet.Advance(Window / 90);
        }
    }

    /// <summary>Calls to Redis for a request, of a caller that uses up its 10,000 a minute at a steady pace.</summary>
    [Theory]
    [InlineData(1, 0.15)]
    [InlineData(5, 0.15)]
    public async Task A_busy_caller_costs_few_calls(int instances, double most)
    {
        const int Requests = 30_000;
        LimitedFleet fleet = Fleet(instances, permits: 10_000);
        for (int request = 0; request < Requests; request++)
        {
            await fleet.RequestAsync(request % instances);
            fleet.Advance(Window / 10_000);
        }

        double calls = fleet.Instances.Sum(static instance => instance.Calls) / (double)Requests;
        TestContext.Current.SendDiagnosticMessage($"{instances} instances: {calls:0.000} calls a request");
        Assert.True(calls <= most, $"{calls:0.000} calls a request");
    }

    [Fact]
    public async Task A_caller_that_is_refused_costs_no_calls_until_it_was_told_to_come_back()
    {
        LimitedFleet fleet = Fleet(instances: 1, permits: 5);
        PolicyVerdict verdict;
        do
            verdict = await fleet.RequestAsync(0);
        while (verdict.IsGranted);
        int calls = fleet.Instances[0].Calls;

        for (int i = 0; i < 1_000; i++)
            Assert.False((await fleet.RequestAsync(0)).IsGranted);
        Assert.Equal(calls, fleet.Instances[0].Calls);

        fleet.Advance(verdict.FreeIn);
        Assert.True((await fleet.RequestAsync(0)).IsGranted);
    }

    [Fact]
    public async Task The_example_of_the_documentation_is_true()
    {
        LimitedFleet fleet = Fleet(instances: 2, permits: 100);
        Assert.Equal(99, (await fleet.RequestAsync(0)).Remaining);
        Assert.Equal(5, fleet.HeldAhead);
        for (int i = 0; i < 4; i++)
            await fleet.RequestAsync(0);
        Assert.Equal(1, fleet.Instances[0].Calls);

        Assert.Equal(93, (await fleet.RequestAsync(1)).Remaining);
        Assert.Equal(5 + 2, fleet.HeldAhead);

        fleet.Advance(TimeSpan.FromSeconds(8));
        await fleet.RequestAsync(0);
        Assert.Equal(2 + 4, fleet.HeldAhead);

        fleet.Advance(TimeSpan.FromSeconds(12));
        // What is still held by the other one while the last is taken waits with the others.
        Assert.InRange(await TakeAllAsync(fleet), 94 - 9, 94);
        PolicyVerdict one = await fleet.RequestAsync(0), other = await fleet.RequestAsync(1);
        Assert.InRange(one.FreeIn, TimeSpan.FromSeconds(60 - 20), TimeSpan.FromSeconds(62 - 20));
        Assert.InRange(other.FreeIn - one.FreeIn, TimeSpan.FromMilliseconds(-20), TimeSpan.FromMilliseconds(20));
    }

    /// <summary>What a killed instance held ahead is lost until its lease and a window have passed, and not for longer.</summary>
    [Fact]
    public async Task What_a_killed_instance_held_comes_back_after_its_lease_and_a_window()
    {
        LimitedFleet fleet = Fleet(instances: 2, permits: 100);
        await fleet.RequestAsync(0);
        int held = fleet.HeldAhead;
        Assert.InRange(held, 1, 9);

        fleet.Replace(0);
        Assert.Equal(100 - 1 - held, await TakeAllAsync(fleet));

        fleet.Advance(Window + fleet.Policy.Lease + 2 * fleet.Policy.Slice);
        Assert.Equal(100, await TakeAllAsync(fleet));
    }

    /// <summary>Redis has lost everything: whoever asks first tells what it has let through itself, and the rest is granted anew.</summary>
    [Fact]
    public async Task After_a_flush_the_instances_restore_what_they_know()
    {
        LimitedFleet fleet = Fleet(instances: 3, permits: 300);
        for (int i = 0; i < 270; i++)
            Assert.True((await fleet.RequestAsync(i % 3)).IsGranted);

        int held = fleet.HeldAhead;
        _redis.Flush();
        int anew = await TakeAllAsync(fleet);

        Assert.InRange(anew, 300 - 90 - held, 300 - 90 + held);
    }

    [Fact]
    public async Task Without_redis_each_instance_keeps_its_share_and_counts_what_it_granted_before()
    {
        LimitedFleet fleet = Fleet(instances: 4, permits: 100);
        for (int i = 0; i < 20; i++)
            Assert.True((await fleet.RequestAsync(0)).IsGranted);

        fleet.IsRedisDown = true;
        fleet.Advance(fleet.Policy.Lease);

        Assert.Equal(5, await TakeAllAsync(fleet, 0));
        Assert.Equal(25, await TakeAllAsync(fleet, 1));
    }

    [Fact]
    public async Task Back_with_redis_what_was_granted_without_it_counts()
    {
        LimitedFleet fleet = Fleet(instances: 4, permits: 100);
        fleet.IsRedisDown = true;
        Assert.Equal(25, await TakeAllAsync(fleet, 0));

        fleet.IsRedisDown = false;
        fleet.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(75, await TakeAllAsync(fleet, 0));
        Assert.False((await fleet.RequestAsync(1)).IsGranted);
    }

    private LimitedFleet Fleet(int instances, int permits) => new(_redis, instances, new RateLimitPolicy("test", permits, Window));

    private static async Task<int> TakeAllAsync(LimitedFleet fleet)
    {
        int taken = 0;
        for (int i = 0; i < fleet.Count; i++)
            taken += await TakeAllAsync(fleet, i);
        return taken;
    }

    private static async Task<int> TakeAllAsync(LimitedFleet fleet, int instance)
    {
        int taken = 0;
        while ((await fleet.RequestAsync(instance)).IsGranted)
            taken++;
        return taken;
    }
}
