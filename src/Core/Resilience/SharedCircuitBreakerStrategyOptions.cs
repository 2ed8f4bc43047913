using System.ComponentModel.DataAnnotations;
using Polly;
using Polly.CircuitBreaker;

namespace TByte.Functions.Resilience;

/// <summary>Options of <see cref="SharedCircuitBreakerExtensions"/> for results of any type.</summary>
public class SharedCircuitBreakerStrategyOptions : SharedCircuitBreakerStrategyOptions<object>;

/// <summary>How a pipeline takes part in a shared circuit breaker.</summary>
/// <typeparam name="TResult">The type of the results that are looked at.</typeparam>
public class SharedCircuitBreakerStrategyOptions<TResult> : ResilienceStrategyOptions
{
    /// <summary>Makes options with their defaults.</summary>
    public SharedCircuitBreakerStrategyOptions() => Name = "SharedCircuitBreaker";

    /// <summary>The breaker of the server that is called.</summary>
    [Required]
    public SharedCircuit? Circuit { get; set; }

    /// <summary>
    /// What is a failure of the server; by default every exception but <see cref="OperationCanceledException"/>. A result that is
    /// no failure is a success; an exception that is none says nothing about the server and is not counted.
    /// </summary>
    [Required]
    public Func<CircuitBreakerPredicateArguments<TResult>, ValueTask<bool>> ShouldHandle { get; set; } =
        static call => new ValueTask<bool>(call.Outcome.Exception is not (null or OperationCanceledException));

    /// <summary>A success that takes longer is slow; <see cref="Timeout.InfiniteTimeSpan"/> for calls that may take any time.</summary>
    public TimeSpan SlowCallDuration { get; set; } = TimeSpan.FromMilliseconds(500);
}
