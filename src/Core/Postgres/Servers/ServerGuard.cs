using Polly;
using Polly.CircuitBreaker;

namespace TByte.Functions.Postgres;

/// <summary>What every call to one server goes through, and whether the server is left alone at the moment.</summary>
/// <param name="Pipeline">Rejects with <see cref="BrokenCircuitException"/>.</param>
/// <param name="IsOpen">True until a trial call has succeeded.</param>
internal sealed record ServerGuard(ResiliencePipeline Pipeline, Func<bool> IsOpen)
{
    /// <summary>A circuit breaker that knows of this instance's calls only.</summary>
    public static ServerGuard Local(TimeProvider time)
    {
        CircuitBreakerStateProvider state = new();
        CircuitBreakerStrategyOptions breaker = DatabasePolicies.Breaker();
        breaker.StateProvider = state;
        return new ServerGuard(
            new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(breaker).Build(),
            () => state.CircuitState != CircuitState.Closed);
    }
}
