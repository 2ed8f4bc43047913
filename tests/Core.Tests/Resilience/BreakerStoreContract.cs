using System.Globalization;
using TByte.Functions.Resilience;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Resilience;

public sealed class BreakerStoreOnRedisTests(RedisFixture redis) : BreakerStoreContract
{
    private protected override async Task<IBreakerServer> ServerAsync() =>
        await ConnectedBreakerServer.ConnectAsync((await redis.StartedAsync()).Connection);
}

public sealed class BreakerStoreOnGarnetTests(GarnetFixture garnet) : BreakerStoreContract
{
    private protected override async Task<IBreakerServer> ServerAsync() =>
        await ConnectedBreakerServer.ConnectAsync((await garnet.StartedAsync()).Connection);
}

public sealed class BreakerStoreOnClusterTests(RedisClusterFixture cluster) : BreakerStoreContract
{
    private protected override async Task<IBreakerServer> ServerAsync() =>
        await ConnectedBreakerServer.ConnectAsync((await cluster.StartedAsync()).Connection);
}

/// <summary>What each script promises, alone and on every server that runs it. Time is made to pass by moving what is stored.</summary>
public abstract class BreakerStoreContract : IAsyncLifetime
{
    // No jitter, so that open times can be told; long lives, so that a slow machine changes nothing.
    private static readonly BreakerOptions Options = new()
    {
        Jitter = 0,
        PollInterval = TimeSpan.FromSeconds(20),
        ProbeLease = TimeSpan.FromSeconds(30),
        ProbeInterval = TimeSpan.FromSeconds(10),
    };

    private readonly string _breaker = $"server-{Guid.NewGuid():N}";
    private IBreakerServer _server = null!;

    private string Key => $"tb:{{breaker:{_breaker}}}";

    private protected abstract Task<IBreakerServer> ServerAsync();

    public async ValueTask InitializeAsync() => _server = await ServerAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_missing_breaker_is_closed_and_its_epoch_is_new_to_everybody()
    {
        FleetState first = await ReportAsync("a", epoch: 0);
        Assert.Equal((1, BreakerState.Closed, 0), (first.Epoch, first.State, first.Streak));
        Assert.Equal(0, first.Live);

        FleetState seenBefore = await ReportAsync("b", epoch: 7);
        Assert.Equal((8, BreakerState.Closed), (seenBefore.Epoch, seenBefore.State));
        Assert.Equal(8, (await ReportAsync("a", epoch: 1)).Epoch);
    }

    [Fact]
    public async Task Instances_are_counted_once_all_had_time_to_report()
    {
        await ReportAsync("a", 0);
        Assert.Equal(0, (await ReportAsync("b", 1)).Live);
        await SetAsync("born", await AgoAsync(Options.InstanceLife));
        Assert.Equal(2, (await ReportAsync("a", 1)).Live);
    }

    [Fact]
    public async Task Who_is_silent_is_gone()
    {
        await StartAsync("a", "b", "c");
        await SetAsync("i:c", $"{await AgoAsync(2 * Options.InstanceLife)} 1 9 0 0 9 0 0");
        Assert.Equal(2, (await ReportAsync("a", 1)).Live);
        Assert.DoesNotContain("i:c", (await _server.ReadAsync(Key)).Keys);
    }

    [Theory]
    [InlineData(4, 4, BreakerState.Closed)] // fewer than five
    [InlineData(5, 5, BreakerState.Open)]
    [InlineData(5, 6, BreakerState.Closed)] // less than half
    public async Task The_only_instance_opens_it_by_failures_and_their_share(int failures, int successes, BreakerState state)
    {
        await StartAsync("a");
        Assert.Equal(state, (await ReportAsync("a", 1, failures, successes)).State);
    }

    [Theory]
    [InlineData(19, 0, BreakerState.Closed)]
    [InlineData(20, 5, BreakerState.Open)]
    [InlineData(20, 6, BreakerState.Closed)]
    public async Task Slow_calls_open_it_by_number_and_share(int slow, int fast, BreakerState state)
    {
        await StartAsync("a");
        FleetState reported = (await Store("a").ReportAsync(_breaker, 1, new Evidence(0, slow, slow + fast), default))!;
        Assert.Equal(state, reported.State);
    }

    [Theory]
    [InlineData(5, 0, 5, BreakerState.Open)]
    [InlineData(5, 0, 6, BreakerState.Closed)]
    [InlineData(4, 0, 0, BreakerState.Closed)]
    [InlineData(0, 20, 25, BreakerState.Open)]
    public async Task What_came_lately_opens_it_whatever_was_well_before(int failures, int slow, int successes, BreakerState state)
    {
        await StartAsync("a");
        Evidence window = new(failures, slow, 10_000 + successes);
        FleetState reported = (await Store("a").ReportAsync(_breaker, 1, window, new Evidence(failures, slow, successes)))!;
        Assert.Equal(state, reported.State);
        if (failures == 5 && state == BreakerState.Open)
            Assert.Equal("5 of 10 calls failed, on 1 of 1 instances", reported.Reason);
    }

    [Fact]
    public async Task One_of_several_instances_does_not_open_it_and_two_do()
    {
        await StartAsync("a", "b", "c", "d", "e");
        Assert.Equal(BreakerState.Closed, (await ReportAsync("a", 1, failures: 50)).State);
        FleetState opened = await ReportAsync("b", 1, failures: 1);
        Assert.Equal((BreakerState.Open, 2L), (opened.State, opened.Epoch));
        Assert.Equal("51 of 51 calls failed, on 2 of 5 instances", opened.Reason);
        Assert.Equal(Options.FirstOpenTime, opened.Length);
    }

    [Fact]
    public async Task A_third_of_many_callers_must_have_failures()
    {
        string[] fleet = [.. Enumerable.Range(0, 9).Select(i => $"i{i}")];
        await StartAsync(fleet);
        foreach (string instance in fleet.Skip(3))
            await ReportAsync(instance, 1, successes: 1);
        Assert.Equal(BreakerState.Closed, (await ReportAsync("i0", 1, failures: 20)).State);
        Assert.Equal(BreakerState.Closed, (await ReportAsync("i1", 1, failures: 20)).State);
        Assert.Equal(BreakerState.Open, (await ReportAsync("i2", 1, failures: 20)).State);
    }

    [Fact]
    public async Task While_the_fleet_is_not_known_nothing_opens_it()
    {
        await ReportAsync("a", 0);
        Assert.Equal(BreakerState.Closed, (await ReportAsync("a", 1, failures: 50)).State);
        await SetAsync("born", await AgoAsync(Options.InstanceLife));
        Assert.Equal(BreakerState.Open, (await ReportAsync("a", 1, failures: 50)).State);
    }

    [Fact]
    public async Task What_was_seen_in_an_older_epoch_does_not_count()
    {
        await StartAsync("a");
        await ForceAsync(BreakerState.Closed, TimeSpan.FromMilliseconds(1));
        await SetAsync("since", await AgoAsync(TimeSpan.FromSeconds(1)));
        Assert.Equal(BreakerState.Closed, (await ReportAsync("a", epoch: 1, failures: 50)).State);
        Assert.Equal(BreakerState.Open, (await ReportAsync("a", epoch: 2, failures: 50)).State);
    }

    [Fact]
    public async Task A_clock_that_was_set_makes_the_fleet_unknown_and_holds_nothing_open()
    {
        await StartAsync("a", "b");
        await OpenAsync("a", "b");
        string future = (await _server.NowAsync() + 3_600_000).ToString(CultureInfo.InvariantCulture);
        foreach (string field in (string[])["since", "seen", "born", "probed"])
            await SetAsync(field, future);

        FleetState back = await ReportAsync("a", 2);
        Assert.Equal((BreakerState.Open, 0), (back.State, back.Live));
        Assert.InRange(back.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        await SetAsync("born", await AgoAsync(Options.InstanceLife));
        await SetAsync("seen", await AgoAsync(2 * Options.InstanceLife));
        Assert.Equal(0, (await ReportAsync("a", 2)).Live);
    }

    [Fact]
    public async Task While_open_one_probe_at_a_time_looks_for_a_sign_of_life()
    {
        await StartAsync("a", "b");
        await OpenAsync("a", "b");
        Assert.NotNull((await AcquireAsync("a")).Token);
        Assert.Null((await AcquireAsync("b")).Token);

        // In its epoch it counts nothing that it failed, and the next one is not due yet.
        await SetAsync("for", "3600000");
        ProbeReply none = await AcquireAsync("b");
        Assert.Equal((null, 1), (none.Token, none.State.Probes));
    }

    [Fact]
    public async Task Closed_or_held_by_an_operator_there_is_nothing_to_probe()
    {
        await StartAsync("a");
        Assert.Null((await AcquireAsync("a")).Token);
        await ForceAsync(BreakerState.Open, TimeSpan.FromHours(1));
        Assert.Null((await AcquireAsync("a")).Token);
    }

    [Fact]
    public async Task After_its_open_time_there_are_as_many_probes_as_permits()
    {
        await StartAsync("a", "b", "c");
        await OpenAsync("a", "b");
        await OpenTimeIsOverAsync();
        ProbeReply first = await AcquireAsync("a");
        Assert.Equal((BreakerState.HalfOpen, 3L), (first.State.State, first.State.Epoch));
        Assert.NotNull(first.Token);
        Assert.NotNull((await AcquireAsync("b")).Token);
        Assert.Null((await AcquireAsync("c")).Token);
    }

    [Fact]
    public async Task A_dead_probers_slot_is_free_after_its_lease_and_no_clock_holds_it_longer()
    {
        await HalfOpenAsync("a", "b", "c");
        string dead = (await AcquireAsync("a")).Token!;
        string lying = (await AcquireAsync("b")).Token!;
        await SetAsync($"p:{dead}", $"{await AgoAsync(TimeSpan.Zero)} 3 a");
        await SetAsync($"p:{lying}", $"{await _server.NowAsync() + 86_400_000} 3 b");

        Assert.NotNull((await AcquireAsync("c")).Token);
        long deadline = long.Parse((await _server.ReadAsync(Key))[$"p:{lying}"].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(deadline <= await _server.NowAsync() + Options.ProbeLease.TotalMilliseconds);
        Assert.Equal(BreakerState.HalfOpen, (await ConcludeAsync("a", dead, succeeded: true)).State);
        Assert.Equal("0", (await _server.ReadAsync(Key))["wins"]);
    }

    [Fact]
    public async Task Three_successes_close_it_and_the_first_one_opens_it_half()
    {
        await StartAsync("a", "b");
        await OpenAsync("a", "b");
        FleetState sign = await ProbeAsync("a", succeeded: true);
        Assert.Equal((BreakerState.HalfOpen, 3L, "a probe succeeded"), (sign.State, sign.Epoch, sign.Reason));
        Assert.Equal(BreakerState.HalfOpen, (await ProbeAsync("b", succeeded: true)).State);
        FleetState closed = await ProbeAsync("a", succeeded: true);
        Assert.Equal((BreakerState.Closed, 4L, 1, 0), (closed.State, closed.Epoch, closed.Streak, closed.Probes));
    }

    [Fact]
    public async Task A_failed_probe_while_open_changes_nothing()
    {
        await StartAsync("a", "b");
        await OpenAsync("a", "b");
        FleetState after = await ProbeAsync("a", succeeded: false);
        Assert.Equal((BreakerState.Open, 2L, 0), (after.State, after.Epoch, after.Probes));
    }

    [Fact]
    public async Task Two_instances_whose_probes_failed_open_it_for_longer()
    {
        await HalfOpenAsync("a", "b", "c");
        Assert.Equal(BreakerState.HalfOpen, (await ProbeAsync("a", succeeded: false)).State);
        Assert.Null((await AcquireAsync("a")).Token);
        FleetState again = await ProbeAsync("b", succeeded: false);
        Assert.Equal((BreakerState.Open, 4L, 2, 2 * Options.FirstOpenTime), (again.State, again.Epoch, again.Streak, again.Length));
    }

    [Fact]
    public async Task One_bad_instance_cannot_keep_it_open()
    {
        await HalfOpenAsync("a", "b", "c");
        await ProbeAsync("a", succeeded: false);
        for (int i = 0; i < Options.SuccessesToClose; i++)
            await ProbeAsync("b", succeeded: true);
        Assert.Equal(BreakerState.Closed, (await ReportAsync("c", 3)).State);
    }

    [Fact]
    public async Task The_only_instance_is_believed_and_so_is_the_last_one_left()
    {
        await HalfOpenAsync("a", "b");
        await ProbeAsync("a", succeeded: false);
        await SetAsync("i:b", $"{await AgoAsync(2 * Options.InstanceLife)} 3 0 0 0 0 0 0");
        Assert.Equal(BreakerState.Open, (await AcquireAsync("a")).State.State);
    }

    [Fact]
    public async Task A_probe_of_an_older_epoch_frees_its_slot_and_says_nothing()
    {
        await HalfOpenAsync("a", "b", "c");
        string old = (await AcquireAsync("c")).Token!;
        await ProbeAsync("a", succeeded: false);
        await ProbeAsync("b", succeeded: false);

        FleetState after = await ConcludeAsync("c", old, succeeded: true);
        Assert.Equal((BreakerState.Open, 4L, 0), (after.State, after.Epoch, after.Probes));
    }

    [Fact]
    public async Task Open_times_double_up_to_the_longest_and_start_anew_after_a_long_time_closed()
    {
        await StartAsync("a");
        List<double> seconds = [];
        for (int i = 0; i < 8; i++)
        {
            FleetState opened = await ReportAsync("a", 1, failures: 9);
            while (opened.State != BreakerState.Open)
                opened = await ReportAsync("a", opened.Epoch, failures: 9);
            seconds.Add(opened.Length.TotalSeconds);
            for (int probe = 0; probe < Options.SuccessesToClose; probe++)
                await ProbeAsync("a", succeeded: true);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], seconds);
        await SetAsync("since", await AgoAsync(Options.LongestOpenTime));
        FleetState closed = await ReportAsync("a", 1);
        Assert.Equal(Options.FirstOpenTime, (await ReportAsync("a", closed.Epoch, failures: 9)).Length);
    }

    [Theory]
    [InlineData(BreakerState.Open)]
    [InlineData(BreakerState.Closed)]
    public async Task An_order_holds_against_all_evidence_until_it_ends(BreakerState state)
    {
        await StartAsync("a");
        FleetState held = await ForceAsync(state, TimeSpan.FromHours(1));
        Assert.Equal((state, true, "operator", "why not"), (held.State, held.IsForced, held.By, held.Reason));
        Assert.Equal(TimeSpan.FromHours(1), held.Length);
        Assert.Equal(state, (await ReportAsync("a", held.Epoch, failures: 50)).State);

        await SetAsync("since", await AgoAsync(TimeSpan.FromHours(1)));
        FleetState ended = await ReportAsync("a", held.Epoch);
        Assert.False(ended.IsForced);
        Assert.Equal(
            BreakerState.Open == state ? BreakerState.HalfOpen : BreakerState.Closed, (await AcquireAsync("a")).State.State);
    }

    [Theory]
    [InlineData(BreakerState.Open, BreakerState.HalfOpen)]
    [InlineData(BreakerState.Closed, BreakerState.Closed)]
    public async Task An_order_that_is_given_back_leaves_it_to_the_evidence(BreakerState held, BreakerState then)
    {
        await StartAsync("a");
        await ForceAsync(held, TimeSpan.FromHours(1));
        FleetState given = await ForceAsync(null, TimeSpan.Zero);
        Assert.Equal((then, false), (given.State, given.IsForced));
        FleetState again = await ForceAsync(null, TimeSpan.Zero);
        Assert.Equal(given.Epoch, again.Epoch);
    }

    [Theory]
    [InlineData(BreakerState.Open)]
    [InlineData(BreakerState.Closed)]
    [InlineData(null)]
    public async Task An_order_that_comes_too_late_changes_nothing(BreakerState? state)
    {
        FleetState before = await ForceAsync(BreakerState.Open, TimeSpan.FromHours(1));
        long now = await _server.NowAsync();

        OrderReply late = await OrderAsync(state, TimeSpan.FromHours(2), until: now - 1);
        Assert.Equal((false, before.Epoch, true, before.Length), (late.Taken, late.State.Epoch, late.State.IsForced, late.State.Length));

        OrderReply inTime = await OrderAsync(state, TimeSpan.FromHours(2), until: now + 60_000);
        Assert.Equal((true, before.Epoch + 1), (inTime.Taken, inTime.State.Epoch));
    }

    [Fact]
    public async Task The_hash_never_expires()
    {
        await HalfOpenAsync("a", "b");
        await AcquireAsync("a");
        await ForceAsync(BreakerState.Open, TimeSpan.FromSeconds(1));
        Dictionary<string, string> stored = await _server.ReadAsync(Key);
        Assert.Equal("open", stored["state"]);
        Assert.All(stored.Where(field => field.Key is "epoch" or "since" or "for" or "born" or "seen" or "probed"),
            field => Assert.True(long.TryParse(field.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _), $"{field.Key} is {field.Value}"));
        Assert.Equal(await TimeToLiveAsync(), TimeSpan.MaxValue);
    }

    private BreakerStore Store(string instance) => new(_server.Call, Options, instance);

    private async Task<TimeSpan> TimeToLiveAsync() =>
        long.Parse((await _server.Call("return redis.call('PTTL', KEYS[1]) .. ''", Key, []))!, CultureInfo.InvariantCulture) is -1 ? TimeSpan.MaxValue : TimeSpan.Zero;

    private async Task StartAsync(params string[] instances)
    {
        foreach (string instance in instances)
            await ReportAsync(instance, 0);
        await SetAsync("born", await AgoAsync(Options.InstanceLife));
    }

    private async Task OpenAsync(string one, string other)
    {
        await ReportAsync(one, 1, failures: 5);
        Assert.Equal(BreakerState.Open, (await ReportAsync(other, 1, failures: 5)).State);
    }

    private async Task HalfOpenAsync(params string[] instances)
    {
        await StartAsync(instances);
        await OpenAsync(instances[0], instances[1]);
        await OpenTimeIsOverAsync();
        await SetAsync("state", "half-open");
        await SetAsync("epoch", "3");
    }

    private async Task OpenTimeIsOverAsync() => await SetAsync("since", await AgoAsync(Options.LongestOpenTime));

    private async Task<FleetState> ReportAsync(string instance, long epoch, int failures = 0, int successes = 0) =>
        (await Store(instance).ReportAsync(_breaker, epoch, new Evidence(failures, 0, successes), default))!;

    private async Task<ProbeReply> AcquireAsync(string instance) => (await Store(instance).AcquireAsync(_breaker, 1))!.Value;

    private async Task<FleetState> ConcludeAsync(string instance, string token, bool succeeded) =>
        (await Store(instance).ConcludeAsync(_breaker, 1, token, succeeded))!;

    private async Task<FleetState> ProbeAsync(string instance, bool succeeded)
    {
        await SetAsync("probed", "0");
        ProbeReply reply = await AcquireAsync(instance);
        Assert.NotNull(reply.Token);
        return await ConcludeAsync(instance, reply.Token, succeeded);
    }

    private async Task<FleetState> ForceAsync(BreakerState? state, TimeSpan time)
    {
        OrderReply reply = await OrderAsync(state, time, until: long.MaxValue);
        Assert.True(reply.Taken);
        return reply.State;
    }

    private async Task<OrderReply> OrderAsync(BreakerState? state, TimeSpan time, long until) =>
        (await Store("a").ForceAsync(_breaker, 1, new BreakerOrder(state, time, "operator", "why not"), until))!.Value;

    private Task SetAsync(string field, string value) => _server.SetAsync(Key, field, value);

    private async Task<string> AgoAsync(TimeSpan time) =>
        (await _server.NowAsync() - (long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
