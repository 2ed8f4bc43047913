using Polly;
using Polly.CircuitBreaker;
using TByte.Functions.Resilience;

namespace TByte.Functions.Postgres;

/// <summary>What every call to one server goes through, and whether the server is left alone at the moment.</summary>
/// <param name="Calls">Rejects with <see cref="BrokenCircuitException"/>.</param>
/// <param name="HeavyCalls">The same for calls that may take any time.</param>
/// <param name="IsOpen">No call passes.</param>
internal sealed record ServerGuard(ResiliencePipeline Calls, ResiliencePipeline HeavyCalls, Func<bool> IsOpen)
{
    /// <summary>The breaker that the fleet shares.</summary>
    public static ServerGuard Of(SharedCircuit circuit, BreakerOptions options, TimeProvider time)
    {
        return new ServerGuard(Pipeline(options.SlowCallDuration), Pipeline(Timeout.InfiniteTimeSpan), () => circuit.IsBroken);

        ResiliencePipeline Pipeline(TimeSpan slow) => new ResiliencePipelineBuilder { TimeProvider = time }
            .AddSharedCircuitBreaker(new SharedCircuitBreakerStrategyOptions
            {
                Circuit = circuit,
                ShouldHandle = DatabasePolicies.ServerTrouble,
                SlowCallDuration = slow,
            })
            .Build();
    }
}
