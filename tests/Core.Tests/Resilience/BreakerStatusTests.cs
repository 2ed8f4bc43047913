using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What operators are told of a breaker in each of its states.</summary>
public sealed class BreakerStatusTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LocalBreakerStatus NeverOpen = new("closed", null);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly SharedCircuit _circuit;

    public BreakerStatusTests() => _circuit = new SharedCircuit("server", new BreakerOptions(), _time);

    private BreakerStatus Status => BreakerStatus.Of(_circuit.Snapshot, _time);

    [Fact]
    public void Before_anything_is_known_it_is_closed_and_shared_with_nobody() =>
        Assert.Equal(new BreakerStatus("server", "closed", 0, null, null, false, null, null, null, NeverOpen, Shared: false), Status);

    [Fact]
    public void Alone_it_tells_of_its_own_breaker()
    {
        OpenLocally();
        _time.Advance(TimeSpan.FromMilliseconds(400));
        BreakerStatus open = Status;
        Assert.Equal(("open", "5 of 5 calls failed", false), (open.State, open.Reason, open.Shared));
        Assert.Equal(Start.AddSeconds(1), open.OpenUntil);
        Assert.Equal(new LocalBreakerStatus("open", "5 of 5 calls failed"), open.Local);

        for (int i = 0; i < 3; i++)
            _circuit.LocalProbed(succeeded: true);
        Assert.Equal(("closed", "probes succeeded", null), (Status.State, Status.Reason, Status.OpenUntil));
    }

    [Fact]
    public void Open_for_the_fleet_it_tells_why_and_until_when()
    {
        _circuit.Adopt(new FleetState
        {
            Epoch = 7,
            State = BreakerState.Open,
            Elapsed = TimeSpan.FromSeconds(2),
            Length = TimeSpan.FromSeconds(8),
            Live = 5,
            Reason = "9 of 9 calls failed, on 2 of 5 instances",
        });
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            new BreakerStatus(
                "server", "open", 7, "9 of 9 calls failed, on 2 of 5 instances", Start.AddSeconds(6), false, null, null, Live: 5, NeverOpen, Shared: true),
            Status);
    }

    [Theory]
    [InlineData(BreakerState.HalfOpen, "half-open")]
    [InlineData(BreakerState.Closed, "closed")]
    public void When_it_is_not_open_it_has_no_end(BreakerState state, string word)
    {
        _circuit.Adopt(new FleetState { Epoch = 7, State = state, Elapsed = TimeSpan.Zero });
        Assert.Equal(new BreakerStatus("server", word, 7, null, null, false, null, null, Live: null, NeverOpen, Shared: true), Status);
    }

    [Fact]
    public void While_an_order_holds_it_tells_whose_and_until_when()
    {
        _circuit.Adopt(new FleetState
        {
            Epoch = 2,
            State = BreakerState.Closed,
            Elapsed = TimeSpan.Zero,
            Length = TimeSpan.FromMinutes(1),
            IsForced = true,
            By = "operator",
            Reason = "let it be",
        });
        Assert.Equal((true, Start.AddMinutes(1), "operator", "let it be", null), (Status.Forced, Status.ForcedUntil, Status.By, Status.Reason, Status.OpenUntil));

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, null), (Status.Forced, Status.ForcedUntil));
    }

    [Fact]
    public void Its_own_breaker_is_told_of_underneath_the_fleets()
    {
        _circuit.Adopt(new FleetState { Epoch = 1, State = BreakerState.Closed, Elapsed = TimeSpan.Zero, Live = 5 });
        OpenLocally();
        Assert.Equal(("closed", null, null), (Status.State, Status.Reason, Status.OpenUntil));
        Assert.Equal(new LocalBreakerStatus("open", "5 of 5 calls failed"), Status.Local);
    }

    [Fact]
    public void Times_are_told_in_whole_milliseconds()
    {
        _time.Advance(TimeSpan.FromTicks(12_345));
        _circuit.Adopt(new FleetState { Epoch = 1, State = BreakerState.Open, Elapsed = TimeSpan.Zero, Length = TimeSpan.FromSeconds(1) });
        Assert.Equal(Start.AddMilliseconds(1_001), Status.OpenUntil);
    }

    private void OpenLocally()
    {
        for (int i = 0; i < 5; i++)
            _circuit.Failed(_circuit.Snapshot, _time.GetTimestamp());
    }
}
