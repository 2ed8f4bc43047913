using BenchmarkDotNet.Attributes;
using Polly;
using Polly.CircuitBreaker;
using TByte.Functions.Resilience;

namespace TByte.Functions.Micro;

/// <summary>A call through a closed breaker, and one that an open breaker refuses: Polly's own, local one beside the shared one.</summary>
[MemoryDiagnoser]
public class BreakerPath
{
    private readonly ResilienceContext _context = ResilienceContextPool.Shared.Get();
    private ResiliencePipeline<int> _polly = ResiliencePipeline<int>.Empty;
    private ResiliencePipeline<int> _shared = ResiliencePipeline<int>.Empty;

    [Params("closed", "open")]
    public string State { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        _polly = new ResiliencePipelineBuilder<int>()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<int>
            {
                FailureRatio = 0.5,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromHours(1),
            })
            .Build();

        SharedCircuit circuit = new("server", new BreakerOptions(), TimeProvider.System);
        circuit.Adopt(Fleet(BreakerState.Closed, epoch: 1));
        _shared = new ResiliencePipelineBuilder<int>()
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions<int> { Circuit = circuit })
            .Build();

        if (State == "closed")
            return;

        circuit.Adopt(Fleet(BreakerState.Open, epoch: 2));
        for (int i = 0; i < 10; i++)
            await _polly.ExecuteOutcomeAsync(static (_, _) => Outcome.FromExceptionAsValueTask<int>(new TimeoutException()), _context, 0);
    }

    [Benchmark(Baseline = true, Description = "Polly's breaker")]
    public ValueTask<Outcome<int>> Polly() => _polly.ExecuteOutcomeAsync(static (_, state) => Outcome.FromResultAsValueTask(state), _context, 42);

    [Benchmark(Description = "the shared breaker")]
    public ValueTask<Outcome<int>> Shared() => _shared.ExecuteOutcomeAsync(static (_, state) => Outcome.FromResultAsValueTask(state), _context, 42);

    private static FleetState Fleet(BreakerState state, long epoch) =>
        new() { Epoch = epoch, State = state, Elapsed = TimeSpan.Zero, Length = TimeSpan.FromHours(1), Live = 5 };
}
