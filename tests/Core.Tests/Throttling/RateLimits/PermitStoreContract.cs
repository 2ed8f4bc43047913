using StackExchange.Redis;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Redis;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits;

public sealed class PermitStoreOnRedisTests(RedisFixture redis) : PermitStoreContract
{
    protected override async Task<string?> ServerAsync() => (await redis.StartedAsync()).Connection;
}

public sealed class PermitStoreOnGarnetTests(GarnetFixture garnet) : PermitStoreContract
{
    protected override async Task<string?> ServerAsync() => (await garnet.StartedAsync()).Connection;
}

public sealed class PermitStoreOnClusterTests(RedisClusterFixture cluster) : PermitStoreContract
{
    protected override async Task<string?> ServerAsync() => (await cluster.StartedAsync()).Connection;
}

public sealed class PermitStoreInSimulationTests : PermitStoreContract
{
    protected override Task<string?> ServerAsync() => Task.FromResult<string?>(null);
}

/// <summary>What the script promises, alone and on every server that runs it. Time is made to pass by moving what is stored.</summary>
public abstract class PermitStoreContract : IAsyncLifetime
{
    // An hour, so that a slow machine changes nothing.
    private static readonly RateLimitPolicy Policy = new("test", 100, TimeSpan.FromHours(1));
    private static readonly long Window = (long)Policy.Window.TotalMilliseconds;
    private static readonly long Slice = (long)Policy.Slice.TotalMilliseconds;
    private static readonly long Lease = (long)Policy.Lease.TotalMilliseconds;

    private readonly CallerKey _caller = CallerKey.Of(Guid.NewGuid().ToString("N"));
    private ConnectionMultiplexer? _connection;
    private SimulatedRedis? _simulated;
    private long _call;

    private string Key => PermitStore.KeyOf(Policy, _caller)!;

    /// <summary>Null for the simulation.</summary>
    protected abstract Task<string?> ServerAsync();

    public async ValueTask InitializeAsync()
    {
        if (await ServerAsync() is { } server)
            _connection = await ConnectionMultiplexer.ConnectAsync(server);
        else
            _simulated = new SimulatedRedis { Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000) };
    }

    public async ValueTask DisposeAsync()
    {
        _simulated?.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Some_are_granted_ahead_and_both_are_taken_from_what_is_left()
    {
        PermitGrant grant = await TakeAsync("a", wanted: 3);
        Assert.Equal((3, 5, 92), (grant.Granted, grant.Ahead, grant.Left));
        Assert.Equal(Lease, grant.LeaseMilliseconds);
        Assert.InRange(grant.FreeInMilliseconds, Window, Window + Lease + Slice + 1);
    }

    [Fact]
    public async Task What_all_hold_ahead_stays_below_a_tenth()
    {
        int ahead = 0;
        for (int i = 0; i < 20; i++)
            ahead += (await TakeAsync($"i{i}")).Ahead;
        Assert.Equal(9, ahead);
    }

    [Fact]
    public async Task Less_is_held_ahead_as_less_is_left()
    {
        Assert.Equal(2, (await TakeAsync("a", wanted: 75)).Ahead);
        PermitGrant last = await TakeAsync("b", wanted: 18);
        Assert.Equal((18, 0, 5), (last.Granted, last.Ahead, last.Left));
        Assert.Equal(1_000, last.LeaseMilliseconds);
    }

    [Fact]
    public async Task What_was_not_spent_is_free_again_as_soon_as_that_is_told()
    {
        PermitGrant first = await TakeAsync("a");
        long answered = _call;
        Assert.Equal(100 - 1 - first.Ahead, first.Left);

        PermitGrant second = await TakeAsync("a", answered: answered, spent: 1, recent: 1);
        Assert.Equal(100 - 2 - second.Ahead, second.Left);
    }

    [Fact]
    public async Task What_an_instance_has_forgotten_counts_as_spent()
    {
        PermitGrant first = await TakeAsync("a");
        PermitGrant second = await TakeAsync("a");
        Assert.Equal(first.Left - 1 - second.Ahead, second.Left);
    }

    [Fact]
    public async Task All_together_get_no_more_than_there_are()
    {
        Assert.Equal(60, (await TakeAsync("a", wanted: 60)).Granted);
        PermitGrant rest = await TakeAsync("b", wanted: 60);
        Assert.InRange(rest.Granted, 31, 40);
        Assert.Equal(0, rest.Left);

        PermitGrant none = await TakeAsync("c");
        Assert.Equal((0, 0, 0), (none.Granted, none.Ahead, none.Left));
        Assert.InRange(none.FreeInMilliseconds, 1, Window + Lease + Slice + 1);
    }

    /// <summary>What comes back early waits for the moment that was told: whoever was told first must not come too early by that.</summary>
    [Fact]
    public async Task Once_told_when_to_come_back_all_are_told_the_same()
    {
        await TakeAsync("a", wanted: 50);
        long answered = _call;
        await TakeAsync("b", wanted: 50);
        PermitGrant told = await TakeAsync("c");
        Assert.Equal(0, told.Granted);

        PermitGrant again = await TakeAsync("a", answered: answered, spent: 1, recent: 1);
        Assert.Equal(0, again.Granted);
        Assert.InRange(again.FreeInMilliseconds, told.FreeInMilliseconds - 60_000, told.FreeInMilliseconds);
    }

    [Fact]
    public async Task Spent_permits_are_free_a_window_later()
    {
        await StoreAsync(now => $"{SliceOf(now - Window)}:40;{SliceOf(now - Window) - 1}:60|0|");
        PermitGrant grant = await TakeAsync("a");
        // The slice that the window began in counts as a whole; the one before does not any more.
        Assert.Equal(100 - 40 - 1 - grant.Ahead, grant.Left);
    }

    [Fact]
    public async Task What_a_dead_instance_holds_is_free_a_lease_and_a_window_later()
    {
        await StoreAsync(now => $"|0|dead:7:{now + Lease}:60:5");
        Assert.Equal(40, (await TakeAsync("a", wanted: 60)).Granted);

        await StoreAsync(now => $"|0|dead:7:{now - Window - Slice}:60:5");
        Assert.Equal(60, (await TakeAsync("b", wanted: 60)).Granted);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_holds_nothing_for_longer_than_it_would_have_been_held()
    {
        long year = (long)TimeSpan.FromDays(365).TotalMilliseconds;
        await StoreAsync(now => $"{SliceOf(now + year)}:60|{now + year}|dead:7:{now + year}:40:5");

        PermitGrant none = await TakeAsync("a");
        Assert.Equal(0, none.Granted);
        Assert.InRange(none.FreeInMilliseconds, 1, Window + Lease + Slice + 1);
    }

    [Fact]
    public async Task After_a_loss_an_instance_tells_all_that_it_has_let_through()
    {
        PermitGrant grant = await TakeAsync("a", answered: 3, spent: 1, recent: 70);
        Assert.Equal(100 - 70 - 1 - grant.Ahead, grant.Left);

        PermitGrant other = await TakeAsync("b", answered: 2, spent: 0, recent: 20);
        Assert.Equal(grant.Left - 20 - 1 - other.Ahead, other.Left);
    }

    [Fact]
    public async Task A_call_that_was_overtaken_changes_nothing()
    {
        PermitGrant grant = await TakeAsync("a");
        _call -= 1;
        Assert.Null(await Store("a").TakeAsync(_caller, new PermitCall(_call, 0, 0, 0, 0, 0, 1)));
        _call += 1;
        PermitGrant next = await TakeAsync("b");
        Assert.Equal(grant.Left - 1 - next.Ahead, next.Left);
    }

    [Fact]
    public async Task The_key_is_gone_when_nothing_counts_any_more()
    {
        await TakeAsync("a");
        if (_connection is null)
            return;

        TimeSpan? left = await _connection.GetDatabase().KeyTimeToLiveAsync(Key);
        Assert.InRange(left!.Value, Policy.Window - TimeSpan.FromMinutes(1), Policy.Window + Policy.Lease + Policy.Slice);
    }

    private async Task<PermitGrant> TakeAsync(string instance, int wanted = 1, long answered = 0, int spent = 0, int recent = 0) =>
        (await Store(instance).TakeAsync(_caller, new PermitCall(++_call, answered, spent, Alone: 0, recent, 0, wanted)))!.Value;

    private PermitStore Store(string instance)
    {
        ScriptCall call = _simulated is { } simulated
            ? (script, key, arguments) => new ValueTask<string?>(simulated.Evaluate(script, key, arguments))
            : async (script, key, arguments) => (string?)await _connection!.GetDatabase().ScriptEvaluateAsync(script, [key], arguments);
        return new PermitStore(Policy, call, instance);
    }

    private async Task StoreAsync(Func<long, FormattableString> value)
    {
        if (_simulated is { } simulated)
        {
            simulated.SetString(Key, FormattableString.Invariant(value(simulated.Now.ToUnixTimeMilliseconds())));
            return;
        }

        IDatabase redis = _connection!.GetDatabase();
        RedisResult[] time = (RedisResult[])(await redis.ExecuteAsync("TIME", [], CommandFlags.None))!;
        await redis.StringSetAsync(Key, FormattableString.Invariant(value((long)time[0] * 1_000 + (long)time[1] / 1_000)));
    }

    private static long SliceOf(long moment) => moment / Slice + 1;
}
