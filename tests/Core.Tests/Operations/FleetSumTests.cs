using TByte.Functions.Operations;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Operations;

public sealed class FleetSumTests
{
    private const long Current = 177_264_000;
    private const long NowMs = Current * 10_000 + 4_321;

    [Fact]
    public void Percentiles_are_those_of_all_answers_and_not_of_the_instances_percentiles()
    {
        // 990 fast answers on one, 10 slow ones on the other: a mean of the two medians would say 500 ms.
        FleetOverview fleet = Of(
            Told("fast", Slot(Current, (1, 990))),
            Told("slow", Slot(Current, (1_000, 10))));

        RequestFigures all = fleet.Requests.FiveMinutes;
        Assert.Equal(1_000, all.Answers);
        Assert.InRange(all.P50Ms!.Value, 0.96, 1.04);
        Assert.InRange(all.P99Ms!.Value, 0.96, 1.04);
        Assert.InRange(fleet.Instances[1].Requests!.P50Ms!.Value, 968, 1_032);
    }

    [Fact]
    public void The_course_leaves_out_what_not_everybody_has_told_yet()
    {
        FleetOverview fleet = Of(Told(
            "one", Slot(Current - 30, (1, 1)), Slot(Current - 29, (1, 2)), Slot(Current - 2, (1, 3)), Slot(Current - 1, (1, 4)), Slot(Current, (1, 5)), Slot(Current + 1, (1, 6))));

        Assert.Equal(28, fleet.Requests.Course.Count);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds((Current - 29) * 10), fleet.Requests.Course[0].At);
        Assert.Equal([2, 3], fleet.Requests.Course.Select(point => point.Figures.Answers).Where(answers => answers > 0));
        Assert.Equal(2 + 3 + 4 + 5, fleet.Requests.FiveMinutes.Answers);
        Assert.Equal(2 + 3 + 4 + 5, fleet.Instances[0].Requests!.Answers);
    }

    [Fact]
    public void Without_answers_nothing_is_said_of_them()
    {
        FleetOverview fleet = Of(Told("one"));

        Assert.Equal(new RequestFigures(0, 0, null, null, null, null), fleet.Requests.FiveMinutes);
        Assert.All(fleet.Requests.Course, point => Assert.Equal(0, point.Figures.Answers));
    }

    [Fact]
    public void Caches_are_added_up_and_who_does_not_tell_is_listed_all_the_same()
    {
        ToldStatus old = Told("old") with { Ago = TimeSpan.FromSeconds(7) };
        FleetOverview fleet = Of(
            Told("new", Slot(Current, (1, 1))), old with { Status = old.Status with { Recent = null, Version = null } });

        Assert.Equal(["new", "old"], fleet.Instances.Select(instance => instance.Status.Instance));
        Assert.Equal([0, 7_000], fleet.Instances.Select(instance => instance.ToldMsAgo));
        Assert.Equal((null, null), (fleet.Instances[1].Requests, fleet.Instances[1].Cache));
        Assert.All(fleet.Instances, instance => Assert.Null(instance.Status.Recent));
        Assert.Equal(new CacheStatistics(20, 10, 6, 4), fleet.Cache.SinceStart);
        Assert.Equal(new CacheStatistics(1, 0, 0, 0), fleet.Cache.Minute);
        Assert.Equal(new CacheStatistics(5, 1, 1, 0), fleet.Cache.FiveMinutes);
        Assert.Equal(1, fleet.Requests.FiveMinutes.Answers);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 1, -1)]
    [InlineData(0, 400, 1)]
    [InlineData(0, 399, 1, 1, 1)]
    [InlineData(0, int.MaxValue, 1, int.MaxValue, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(-1, 0, 1)]
    public void A_slot_of_another_scale_is_left_out(int failed, params int[] latencies)
    {
        FleetOverview fleet = Of(Told("one", Slot(Current, (1, 3)), new RequestSlot(Current, failed, latencies)));
        Assert.Equal(3, fleet.Requests.FiveMinutes.Answers);
        Assert.Equal(0, fleet.Requests.FiveMinutes.Failed);
    }

    private static FleetOverview Of(params ToldStatus[] told) => FleetSum.Of(told, NowMs, Current, complete: true);

    private static ToldStatus Told(string instance, params RequestSlot[] slots) => new(
        new InstanceStatus(
            instance, DateTimeOffset.UnixEpoch, new CacheStatistics(10, 5, 3, 2), new RedisStatus("reachable"), [], [],
            new LimitsStatus(new HeavyQueryStatus(0, 0, 1, 1), []))
        {
            Recent = new RecentActivity(new CacheStatistics(1, 0, 0, 0), new CacheStatistics(5, 1, 1, 0), slots),
        },
        TimeSpan.Zero);

    private static RequestSlot Slot(long number, params (int Milliseconds, int Answers)[] answers)
    {
        List<int> latencies = [];
        int before = 0;
        foreach ((int milliseconds, int count) in answers)
        {
            int bucket = LatencyScale.BucketOf(TimeSpan.FromMilliseconds(milliseconds));
            latencies.AddRange([bucket - before, count]);
            before = bucket;
        }
        return new RequestSlot(number, 0, latencies);
    }
}
