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
        failure is not PostgresException answer || IsGoingDown(answer) || IsRefusal(answer)
        || answer.IsTransient || answer.SqlState == PostgresErrorCodes.QueryCanceled;

    /// <summary>The connection was lost, or the server does not take queries at the moment.</summary>
    public static bool IsWorthRepeating(NpgsqlException failure) => failure switch
    {
        PostgresException answer => IsGoingDown(answer) || answer.IsTransient,
        _ => failure is { IsTransient: true, InnerException: not TimeoutException },
    };

    private static bool IsGoingDown(PostgresException answer) =>
        answer.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow;

    /// <summary>It does not let this app in: a wrong password, or no such database.</summary>
    private static bool IsRefusal(PostgresException answer) =>
        answer.SqlState is PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification;
}
