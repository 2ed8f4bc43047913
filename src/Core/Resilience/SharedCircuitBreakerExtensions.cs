using Polly;

namespace TByte.Functions.Resilience;

/// <summary>Adds the shared circuit breaker to Polly's pipelines.</summary>
public static class SharedCircuitBreakerExtensions
{
    /// <summary>Refuses calls while the breaker is open, with a <see cref="Polly.CircuitBreaker.BrokenCircuitException"/>, and counts those that pass.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is missing.</exception>
    public static ResiliencePipelineBuilder AddSharedCircuitBreaker(
        this ResiliencePipelineBuilder builder, SharedCircuitBreakerStrategyOptions options)
    {
        return builder.AddStrategy(_ => new SharedCircuitBreakerStrategy<object>(options), options);
    }

    /// <inheritdoc cref="AddSharedCircuitBreaker(ResiliencePipelineBuilder, SharedCircuitBreakerStrategyOptions)"/>
    public static ResiliencePipelineBuilder<TResult> AddSharedCircuitBreaker<TResult>(
        this ResiliencePipelineBuilder<TResult> builder, SharedCircuitBreakerStrategyOptions<TResult> options)
    {
        return builder.AddStrategy(_ => new SharedCircuitBreakerStrategy<TResult>(options), options);
    }
}
