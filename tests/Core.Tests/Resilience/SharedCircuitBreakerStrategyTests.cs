using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.CircuitBreaker;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>The breaker in Polly's pipelines.</summary>
public sealed class SharedCircuitBreakerStrategyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SharedCircuit _circuit;

    public SharedCircuitBreakerStrategyTests() => _circuit = new SharedCircuit("server", new BreakerOptions(), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_passes_comes_back_as_it_is()
    {
        ResiliencePipeline pipeline = Pipeline();
        Assert.Equal(42, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(42), Token));
        Assert.Equal(43, await pipeline.ExecuteAsync(static async token =>
        {
            await Task.Yield();
            return 43;
        }, Token));
        Assert.Equal(44, pipeline.Execute(static () => 44));
        Assert.Equal(new Evidence(0, 0, 3), Counted());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failures_are_thrown_counted_and_open_it(bool later)
    {
        ResiliencePipeline pipeline = Pipeline();
        for (int i = 0; i < 5; i++)
            await Assert.ThrowsAsync<TimeoutException>(async () => await pipeline.ExecuteAsync(token => FailAsync(new TimeoutException(), later), Token));

        BrokenCircuitException open = await Assert.ThrowsAsync<BrokenCircuitException>(
            async () => await pipeline.ExecuteAsync(static _ => new ValueTask<int>(42), Token));
        Assert.Equal(TimeSpan.FromSeconds(1), open.RetryAfter);
        Assert.Contains("server", open.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_that_throws_instead_of_giving_an_outcome_is_a_failure()
    {
        ResiliencePipeline pipeline = Pipeline();
        ResilienceContext context = ResilienceContextPool.Shared.Get(Token);
        Outcome<int> outcome = await pipeline.ExecuteOutcomeAsync<int, int>(static (_, _) => throw new TimeoutException(), context, 0);
        Assert.IsType<TimeoutException>(outcome.Exception);
        outcome = await pipeline.ExecuteOutcomeAsync<int, int>(
            static async (_, _) =>
            {
                await Task.Yield();
                throw new TimeoutException();
            },
            context,
            0);
        Assert.IsType<TimeoutException>(outcome.Exception);
        Assert.Equal(2, Counted().Failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_says_nothing_about_the_server_is_not_counted(bool later)
    {
        ResiliencePipeline pipeline = Pipeline();
        for (int i = 0; i < 10; i++)
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await pipeline.ExecuteAsync(token => FailAsync(new OperationCanceledException(), later), Token));
        Assert.Equal(default, Counted());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_a_failure_can_be_decided_by_result_and_later(bool later)
    {
        ResiliencePipeline<int> pipeline = new ResiliencePipelineBuilder<int> { TimeProvider = _time }
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int>
            {
                Circuit = _circuit,
                ShouldHandle = async call =>
                {
                    if (later)
                        await Task.Yield();
                    return call.Outcome.Result < 0;
                },
            })
            .Build();
        await pipeline.ExecuteAsync(static _ => new ValueTask<int>(-1), Token);
        await pipeline.ExecuteAsync(static _ => new ValueTask<int>(1), Token);
        Assert.Equal(new Evidence(1, 0, 1), Counted());
    }

    [Theory]
    [InlineData(500, 0)]
    [InlineData(501, 1)]
    public async Task A_success_that_takes_too_long_is_slow(int milliseconds, int slow)
    {
        await Pipeline().ExecuteAsync(_ => Spend(milliseconds), Token);
        Assert.Equal(new Evidence(0, slow, 1), Counted());
    }

    [Fact]
    public async Task Calls_that_may_take_any_time_are_never_slow()
    {
        await Pipeline(Timeout.InfiniteTimeSpan).ExecuteAsync(_ => Spend(3_600_000), Token);
        Assert.Equal(new Evidence(0, 0, 1), Counted());
    }

    [Fact]
    public async Task What_refuses_is_made_once_and_again_when_more_is_known()
    {
        ResiliencePipeline<int> pipeline = new ResiliencePipelineBuilder<int> { TimeProvider = _time }
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int> { Circuit = _circuit })
            .Build();
        _circuit.Adopt(Open(epoch: 1, TimeSpan.FromSeconds(8)));
        BrokenCircuitException first = await RefusedAsync(pipeline);
        string trace = first.StackTrace!;
        Assert.Same(first, await RefusedAsync(pipeline));
        Assert.Equal(trace.Length, first.StackTrace!.Length);

        _circuit.Adopt(Open(epoch: 2, TimeSpan.FromSeconds(16)));
        Assert.Equal(TimeSpan.FromSeconds(16), (await RefusedAsync(pipeline)).RetryAfter);
    }

    [Fact]
    public async Task In_shadow_mode_calls_pass_while_it_is_open()
    {
        SharedCircuit shadow = new("server", new BreakerOptions { Shadow = true }, _time);
        shadow.Adopt(Open(epoch: 1, TimeSpan.FromHours(1)));
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions { Circuit = shadow })
            .Build();
        Assert.Equal(42, await pipeline.ExecuteAsync(static _ => new ValueTask<int>(42), Token));
    }

    [Fact]
    public async Task Neither_passing_nor_refusing_allocates()
    {
        ResiliencePipeline<int> pipeline = new ResiliencePipelineBuilder<int>()
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int> { Circuit = _circuit })
            .Build();
        Assert.Equal(0, await AllocatedAsync(pipeline));
        _circuit.Adopt(Open(epoch: 1, TimeSpan.FromHours(1)));
        Assert.Equal(0, await AllocatedAsync(pipeline));
    }

    [Fact]
    public void A_breaker_must_be_given()
    {
        Assert.Throws<ArgumentNullException>("builder", () => default(ResiliencePipelineBuilder)!.AddSharedCircuitBreaker(new()));
        Assert.Throws<ArgumentNullException>("builder", () => default(ResiliencePipelineBuilder<int>)!.AddSharedCircuitBreaker(new()));
        Assert.Throws<ArgumentNullException>("options", () => new ResiliencePipelineBuilder().AddSharedCircuitBreaker(null!));
        Assert.Throws<ArgumentNullException>("options", () => new ResiliencePipelineBuilder<int>().AddSharedCircuitBreaker(null!));
        Assert.Throws<ValidationException>(() =>
            new ResiliencePipelineBuilder().AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions()).Build());
        Assert.Throws<ValidationException>(() =>
            new ResiliencePipelineBuilder<int>().AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int> { Circuit = _circuit, ShouldHandle = null! }).Build());
        Assert.Equal("SharedCircuitBreaker", new SharedCircuitBreakerStrategyOptions().Name);
    }

    private ResiliencePipeline Pipeline(TimeSpan? slow = null)
    {
        SharedCircuitBreakerStrategyOptions options = new() { Circuit = _circuit };
        if (slow is { } duration)
            options.SlowCallDuration = duration;
        return new ResiliencePipelineBuilder { TimeProvider = _time }.AddSharedCircuitBreaker(options).Build();
    }

    private Evidence Counted() => _circuit.Snapshot.Evidence.Count(_time.GetTimestamp());

    private ValueTask<int> Spend(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return new ValueTask<int>(1);
    }

    private static async ValueTask<int> FailAsync(Exception failure, bool later)
    {
        if (later)
            await Task.Yield();
        throw failure;
    }

    private static FleetState Open(long epoch, TimeSpan length) =>
        new() { Epoch = epoch, State = BreakerState.Open, Elapsed = TimeSpan.Zero, Length = length };

    private static async Task<BrokenCircuitException> RefusedAsync(ResiliencePipeline<int> pipeline) =>
        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await pipeline.ExecuteAsync(static _ => new ValueTask<int>(42), Token));

    private static async Task<long> AllocatedAsync(ResiliencePipeline<int> pipeline)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(Token);
        long least = long.MaxValue;
        // The runtime compiles methods anew now and then, on this thread as well.
        for (int round = 0; round < 20 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                ValueTask<Outcome<int>> call = pipeline.ExecuteOutcomeAsync(static (_, state) => Outcome.FromResultAsValueTask(state), context, 42);
                Assert.True(call.IsCompleted);
                await call;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
