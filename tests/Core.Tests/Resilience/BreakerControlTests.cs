using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Core.Tests.Resilience.Simulation;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>Orders to the fleet: whether they were taken, and that those told to have failed never will be.</summary>
public sealed class BreakerControlTests : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(50);
    private static readonly BreakerOrder Open = new(BreakerState.Open, TimeSpan.FromHours(1), "operator", "it is being repaired");

    // An order waits for its budget and is good for a second more.
    private static readonly TimeSpan Deadline = Budget + TimeSpan.FromSeconds(1);

    // What is known of the fleet must come from the answers.
    private readonly RunningInstance _instance = new() { IsDeaf = true };
    private readonly FakeLogger<BreakerControl> _logger = new();
    private readonly BreakerControl _control;
    private bool _isReachable = true;

    public BreakerControlTests() => _control = new BreakerControl(
        _instance.Agents, () => _isReachable, new RedisClock(_instance.Time), Budget, _instance.Time, _logger);

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public async Task What_the_fleet_takes_is_in_force_at_once()
    {
        Assert.Equal(BreakerOrderOutcome.Taken, await _control.GiveAsync("server", Open));
        BreakerStatus status = _control.Find("server")!;
        Assert.Equal(("open", true, "operator", "it is being repaired"), (status.State, status.Forced, status.By, status.Reason));
        Assert.Equal(_instance.Time.GetUtcNow().AddHours(1), status.ForcedUntil);
        Assert.Equal(
            "Breaker server was ordered to be open for 01:00:00 by operator: it is being repaired (outcome: Taken)", Told());
    }

    [Fact]
    public async Task What_is_given_back_is_for_no_time()
    {
        await _control.GiveAsync("server", Open);
        _logger.Collector.Clear();
        Assert.Equal(BreakerOrderOutcome.Taken, await _control.GiveAsync("server", new BreakerOrder(null, TimeSpan.Zero, "operator", "repaired")));
        Assert.False(_control.Find("server")!.Forced);
        Assert.Equal("Breaker server was ordered to be auto by operator: repaired (outcome: Taken)", Told());
    }

    [Fact]
    public async Task While_the_fleet_cannot_be_reached_nothing_is_sent()
    {
        _isReachable = false;
        Assert.Equal(BreakerOrderOutcome.NotTaken, await _control.GiveAsync("server", Open));
        Assert.Equal(0, _instance.Asked("force"));
        Assert.EndsWith("(outcome: NotTaken)", Told(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_answer_comes_it_is_not_known()
    {
        _instance.IsRedisDown = true;
        Assert.Equal(BreakerOrderOutcome.Unknown, await _control.GiveAsync("server", Open));
        Assert.Equal(1, _instance.Asked("force"));
        Assert.Equal(0, _control.Find("server")!.Epoch);
        Assert.EndsWith("(outcome: Unknown)", Told(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, BreakerOrderOutcome.Taken)]
    [InlineData(1, BreakerOrderOutcome.NotTaken)]
    public async Task What_lay_before_a_hung_redis_for_too_long_is_not_carried_out(int late, BreakerOrderOutcome outcome)
    {
        _instance.RedisAhead = Deadline + TimeSpan.FromMilliseconds(late);
        Assert.Equal(outcome, await _control.GiveAsync("server", Open));
        Assert.Equal(outcome == BreakerOrderOutcome.Taken ? "open" : "closed", _control.Find("server")!.State);
    }

    [Fact]
    public async Task A_breaker_that_there_is_not_is_an_error_of_who_asks()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>("name", () => _control.GiveAsync("nobody", Open));
        Assert.StartsWith("There is no breaker nobody.", error.Message, StringComparison.Ordinal);
        Assert.Null(_control.Find("nobody"));
        Assert.Equal(0, _instance.Asked("force"));
    }

    [Fact]
    public async Task A_breaker_is_not_held_half_open() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => _control.GiveAsync("server", Open with { State = BreakerState.HalfOpen }));

    [Fact]
    public void All_breakers_are_told_of_in_the_order_they_were_added()
    {
        _instance.Agents.Add("other", static _ => Task.CompletedTask);
        Assert.Equal(["server", "other"], _control.All.Select(status => status.Name));
    }

    private string Told()
    {
        FakeLogRecord record = Assert.Single(_logger.Collector.GetSnapshot());
        Assert.Equal(LogLevel.Warning, record.Level);
        return record.Message;
    }
}
