using Npgsql;
using Polly.CircuitBreaker;

namespace TByte.Functions.Postgres;

/// <summary>What counts as a server's trouble, what is worth repeating, and when a server is left alone.</summary>
internal static class DatabasePolicies
{
    /// <summary>When trying again may pay, where nothing better is known.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>What a breaker counts as a failure of the server: silence, lost connections, refusals; never the statement's own faults.</summary>
    public static ValueTask<bool> ServerTrouble(CircuitBreakerPredicateArguments<object> call) =>
        new(call.Outcome.Exception is TimeoutException || (call.Outcome.Exception is NpgsqlException failure && IsServerTrouble(failure)));

    /// <summary>Turns what came of a call into what callers are told; null when it is their own affair.</summary>
    /// <param name="failure">What the call threw.</param>
    /// <param name="afterwards">What a caller that got no answer should know; empty or a sentence.</param>
    public static DatabaseUnavailableException? Unavailable(Exception failure, string afterwards = "") => failure switch
    {
        BrokenCircuitException open => new("The database is not answering and is left alone for a moment.", open.RetryAfter ?? RetryAfter, open),
        DatabaseBusyException => new(failure.Message, RetryAfter, failure),
        TimeoutException => new(Sentences("The database did not answer in time.", afterwards), RetryAfter, failure),
        NpgsqlException trouble when IsServerTrouble(trouble) =>
            new(Sentences("The connection to the database failed.", afterwards), RetryAfter, failure),
        _ => null,
    };

    /// <summary>The server or the way to it failed, as opposed to the statement.</summary>
    public static bool IsServerTrouble(NpgsqlException failure) =>
        failure is not PostgresException answer || IsGoingDown(answer) || IsRefusal(answer)
        || answer.IsTransient || answer.SqlState == PostgresErrorCodes.QueryCanceled;

    /// <summary>The same server may take the query a moment later.</summary>
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

    private static string Sentences(string first, string second) => second.Length == 0 ? first : $"{first} {second}";
}
