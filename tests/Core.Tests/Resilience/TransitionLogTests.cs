using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What is told and counted of transitions: each once, and nothing while all is well.</summary>
public sealed class TransitionLogTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeLogger<SharedCircuit> _logger = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SharedCircuit _circuit;
    private readonly TransitionLog _log;
    private readonly MetricCollector<long> _counted;
    private readonly MetricCollector<int> _open;

    public TransitionLogTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _log = new TransitionLog(_logger, new BreakerMetrics(meters));
        _counted = new MetricCollector<long>(meters, BreakerMetrics.MeterName, "tbyte.breaker.transitions");
        _open = new MetricCollector<int>(meters, BreakerMetrics.MeterName, "tbyte.breaker.open");
        _circuit = new SharedCircuit("server", new BreakerOptions(), _time);
        _log.Watch(_circuit);
    }

    public void Dispose()
    {
        _counted.Dispose();
        _open.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Who_starts_while_all_is_well_has_nothing_to_tell()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        Assert.Empty(Told());
        Assert.Empty(Counted());
    }

    [Fact]
    public void Who_starts_while_it_is_open_tells_so()
    {
        _circuit.Adopt(Fleet(7, BreakerState.Open) with { Reason = "9 of 9 calls failed" });
        Assert.Equal(["Breaker server is Open for the fleet (epoch 7): 9 of 9 calls failed"], Told());
        Assert.Equal(["fleet open False"], Counted());
    }

    [Fact]
    public void Who_starts_while_it_is_held_closed_tells_so_and_by_whom()
    {
        _circuit.Adopt(Fleet(7, BreakerState.Closed) with { IsForced = true, By = "operator", Reason = "let it be" });
        Assert.Equal(["Breaker server is Closed for the fleet (epoch 7, by order of operator): let it be"], Told());
        Assert.Equal(["fleet closed True"], Counted());
    }

    [Fact]
    public void Every_transition_of_the_fleet_is_told_once_however_often_it_is_read()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        foreach ((long epoch, BreakerState state) in ((long, BreakerState)[])[(2, BreakerState.Open), (3, BreakerState.HalfOpen), (4, BreakerState.Closed)])
        {
            _circuit.Adopt(Fleet(epoch, state) with { Streak = 1 });
            _circuit.Adopt(Fleet(epoch, state) with { Streak = 1 });
        }

        Assert.Equal(
            [
                "Breaker server is Open for the fleet (epoch 2): ",
                "Breaker server is HalfOpen for the fleet (epoch 3): ",
                "Breaker server is Closed for the fleet (epoch 4): ",
            ],
            Told());
        Assert.Equal(["fleet open False", "fleet half_open False", "fleet closed False"], Counted());
    }

    [Theory]
    [InlineData(nameof(BreakerState.Closed), 0)]
    [InlineData(nameof(BreakerState.HalfOpen), 1)]
    [InlineData(nameof(BreakerState.Open), 1)]
    public void Whether_the_fleets_is_open_is_measured(string state, int open)
    {
        Assert.Equal(["server instance 0"], Open());

        _circuit.Adopt(Fleet(2, Enum.Parse<BreakerState>(state)));

        Assert.Equal([$"server fleet {open}", "server instance 0"], Open());
    }

    [Fact]
    public void Whether_this_instances_own_is_open_is_measured()
    {
        OpenLocally();
        Assert.Equal(["server instance 1"], Open());

        for (int i = 0; i < 3; i++)
            _circuit.LocalProbed(succeeded: true);
        Assert.Equal(["server instance 0"], Open());
    }

    [Fact]
    public void What_this_instance_does_alone_is_told_as_such()
    {
        OpenLocally();
        for (int i = 0; i < 3; i++)
            _circuit.LocalProbed(succeeded: true);
        Assert.Equal(
            [
                "Breaker server is Open for this instance alone: 5 of 5 calls failed",
                "Breaker server is Closed for this instance alone: probes succeeded",
            ],
            Told());
        Assert.Equal(["instance open False", "instance closed False"], Counted());
    }

    [Fact]
    public void When_the_fleet_takes_over_the_instances_own_part_ends()
    {
        OpenLocally();
        _circuit.Adopt(Fleet(2, BreakerState.Open));
        Assert.Equal(
            ["Breaker server is Open for the fleet (epoch 2): ", "Breaker server is Closed for this instance alone: the fleet decides"],
            Told().Skip(1));
        Assert.Equal(["instance open False", "fleet open False", "instance closed False"], Counted());
    }

    [Fact]
    public void A_shared_state_that_is_lost_while_closed_is_no_transition()
    {
        _circuit.Adopt(Fleet(1, BreakerState.Closed));
        _circuit.Lose();
        Assert.Equal(["Breaker server: the shared state cannot be reached; this instance decides alone"], Told());
        Assert.Empty(Counted());

        OpenLocally();
        Assert.Equal(2, Told().Count());
    }

    [Fact]
    public void A_shared_state_that_is_lost_while_open_is_told_as_what_follows_from_it()
    {
        _circuit.Adopt(Fleet(2, BreakerState.Open));
        _circuit.Lose();
        Assert.Equal(["Breaker server is Open for this instance alone: the shared state was lost while open"], Told().Skip(1));
    }

    [Fact]
    public void What_is_not_foreseen_is_an_error()
    {
        InvalidOperationException failure = new("not foreseen");
        _log.Failed("server", failure);
        FakeLogRecord record = Assert.Single(_logger.Collector.GetSnapshot());
        Assert.Equal((LogLevel.Error, "Breaker server could not be kept up to date"), (record.Level, record.Message));
        Assert.Same(failure, record.Exception);
    }

    private static FleetState Fleet(long epoch, BreakerState state) =>
        new() { Epoch = epoch, State = state, Elapsed = TimeSpan.Zero, Length = TimeSpan.FromSeconds(1), Live = 5 };

    private void OpenLocally()
    {
        for (int i = 0; i < 5; i++)
            _circuit.Failed(_circuit.Snapshot, _time.GetTimestamp());
        Assert.True(_circuit.Snapshot.Local.IsOpen);
    }

    private IEnumerable<string> Told()
    {
        IReadOnlyList<FakeLogRecord> records = _logger.Collector.GetSnapshot();
        Assert.All(records, record => Assert.Equal(LogLevel.Warning, record.Level));
        return records.Select(record => record.Message);
    }

    private IEnumerable<string> Counted() => _counted.GetMeasurementSnapshot().Select(transition =>
    {
        Assert.Equal((1, "server"), (transition.Value, transition.Tags["breaker.name"]));
        return $"{transition.Tags["breaker.scope"]} {transition.Tags["breaker.state"]} {transition.Tags["breaker.forced"]}";
    });

    private string[] Open()
    {
        _open.Clear();
        _open.RecordObservableInstruments();
        return [.. _open.GetMeasurementSnapshot().Select(static breaker => $"{breaker.Tags["breaker.name"]} {breaker.Tags["breaker.scope"]} {breaker.Value}")];
    }
}
