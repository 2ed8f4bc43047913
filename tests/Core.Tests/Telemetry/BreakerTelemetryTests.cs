using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.CircuitBreaker;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>What breakers tell beside their transitions: those are in TransitionLogTests.</summary>
public sealed partial class BreakerTelemetryTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SharedCircuit _circuit = new("server", new BreakerOptions(), new FakeTimeProvider());
    private readonly BreakerMetrics _metrics;
    private readonly Measurements _measured;

    public BreakerTelemetryTests()
    {
        _metrics = new BreakerMetrics(_services.GetRequiredService<IMeterFactory>());
        _measured = new Measurements(_services);
        _metrics.Watch(_circuit);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _measured.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(nameof(BreakerState.Closed), 0)]
    [InlineData(nameof(BreakerState.HalfOpen), 1)]
    [InlineData(nameof(BreakerState.Open), 2)]
    public void Its_state_is_a_number(string state, int number)
    {
        Assert.Null(_measured.Now("tbyte.breaker.state", "breaker.scope=fleet"));

        _circuit.Adopt(new FleetState { Epoch = 2, State = Enum.Parse<BreakerState>(state), Elapsed = TimeSpan.Zero });

        Assert.Equal(number, _measured.Now("tbyte.breaker.state", "breaker.name=server breaker.scope=fleet"));
        Assert.Equal(0, _measured.Now("tbyte.breaker.state", "breaker.name=server breaker.scope=instance"));
    }

    [Fact]
    public async Task Calls_that_it_refuses_are_counted_and_noted_in_the_trace()
    {
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions { Circuit = _circuit }).Build();
        await pipeline.ExecuteAsync(static _ => default, Token);
        Assert.Equal(0, _measured.Now("tbyte.breaker.refused", "breaker.name=server"));
        _circuit.Adopt(new FleetState { Epoch = 2, State = BreakerState.Open, Elapsed = TimeSpan.Zero, Length = TimeSpan.FromSeconds(1) });
        using RecordedTrace trace = new();

        for (int call = 0; call < 3; call++)
            await Assert.ThrowsAsync<BrokenCircuitException>(async () => await pipeline.ExecuteAsync(static _ => default, Token));

        Assert.Equal(3, _measured.Now("tbyte.breaker.refused", "breaker.name=server"));
        Assert.Equal(3, trace.Root.Events.Count(static happened => happened.Name == "breaker refused"));
    }

    [Fact]
    public void Probes_are_counted_by_what_came_of_them()
    {
        _circuit.FleetProbed(succeeded: false);
        _circuit.FleetProbed(succeeded: true);
        _circuit.LocalProbed(succeeded: true);

        Assert.Equal(2, _measured.Of("tbyte.breaker.probes", "breaker.name=server probe.outcome=succeeded").Sum());
        Assert.Equal(1, _measured.Of("tbyte.breaker.probes", "breaker.name=server probe.outcome=failed").Sum());
    }

    [Theory]
    [InlineData("5 of 9 calls failed, on 2 of 3 instances", "failures")]
    [InlineData("20 of 20 calls were slow", "slow_calls")]
    [InlineData("probes failed", "probes_failed")]
    [InlineData("this instance's probe failed while others' succeeded", "probes_failed")]
    [InlineData("probes succeeded", "probes_succeeded")]
    [InlineData("a probe succeeded", "probe_succeeded")]
    [InlineData("its open time is over", "open_time_over")]
    [InlineData("the shared state was lost while open", "shared_state_lost")]
    [InlineData("new", "new")]
    [InlineData("", "fleet_decides")]
    [InlineData("what somebody wrote", "other")]
    public void Reasons_are_sorted_into_few(string reason, string kind)
    {
        _metrics.Transition("server", "fleet", BreakerState.Open, isForced: false, reason);

        Assert.Equal([1], _measured.Of("tbyte.breaker.transitions", $"breaker.name=server breaker.scope=fleet breaker.state=open breaker.forced=False breaker.reason={kind}"));
    }

    [Fact]
    public void An_order_is_a_reason_of_its_own_whatever_was_written()
    {
        _metrics.Transition("server", "fleet", BreakerState.Open, isForced: true, "5 of 9 calls failed");

        Assert.Equal([1], _measured.Of("tbyte.breaker.transitions", "breaker.forced=True breaker.reason=order"));
    }

    [Theory]
    [InlineData("breaker")]
    [InlineData("acquire")]
    [InlineData("conclude")]
    [InlineData("report")]
    public void Every_reason_that_a_script_gives_has_a_kind(string script)
    {
        MatchCollection reasons = Reason().Matches(EmbeddedScript.Load($"TByte.Functions.Resilience.Lua.{script}.lua"));

        Assert.NotEmpty(reasons);
        Assert.All(reasons, static reason => Assert.NotEqual("other", TransitionReason.KindOf(reason.Groups["text"].Value)));
    }

    [GeneratedRegex("""(?:enter\('[^']+', 0, |open\((?:string\.format\()?)'(?<text>[^']+)'""")]
    private static partial Regex Reason();
}
