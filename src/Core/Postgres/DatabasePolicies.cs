using Npgsql;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace TByte.Functions.Postgres;

/// <summary>What counts as the server's trouble, what is worth repeating, and when the server is left alone.</summary>
internal static class DatabasePolicies
{
    /// <summary>Short, because a break that outlasts the outage fails every miss for nothing.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    public static RetryStrategyOptions Retry() => new()
    {
        ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(IsWorthRepeating),
        MaxRetryAttempts = 2,
        Delay = TimeSpan.FromMilliseconds(20),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    };

    public static CircuitBreakerStrategyOptions Breaker() => new()
    {
        ShouldHandle = new PredicateBuilder().Handle<TimeoutException>().Handle<NpgsqlException>(IsServerTrouble),
        FailureRatio = 0.5,
        MinimumThroughput = 5,
        SamplingDuration = TimeSpan.FromSeconds(10),
        BreakDuration = BreakDuration,
    };

    /// <summary>The server or the way to it failed, as opposed to the statement.</summary>
    public static bool IsServerTrouble(NpgsqlException failure) =>
        failure is not PostgresException answer || answer.IsTransient || answer.SqlState == PostgresErrorCodes.QueryCanceled
        || IsRefusal(answer.SqlState);

    /// <summary>The server does not let this app in: a wrong password, or no such database.</summary>
    private static bool IsRefusal(string state) =>
        state is PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification;

    private static bool IsWorthRepeating(NpgsqlException failure) => failure is { IsTransient: true, InnerException: not TimeoutException };
}
