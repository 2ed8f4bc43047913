using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Postgres;

/// <summary>The shop's database: a primary, and replicas that take the reads.</summary>
internal sealed class ShopDatabase(
    DatabaseServers servers, ReadRouter router, PostgresOptions options, TimeProvider time, PostgresMetrics metrics)
{
    /// <summary>For reads that must see every commit: no replica is ever known to have replayed this.</summary>
    public static readonly NpgsqlLogSequenceNumber Newest = new(ulong.MaxValue);

    /// <summary>The longest that a heavy query may be given.</summary>
    public static readonly TimeSpan MostHeavyBudget = TimeSpan.FromSeconds(PostgresOptions.LastResort - 1);

    private const string OutcomeUnknown = "Whether it was written is not known.";

    // For the server to say that it has ended the query: a server that says so is slow, one that does not is in trouble.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private readonly ReadPath _reads = new(router, options, time, metrics);

    /// <summary>The servers as this instance sees them, the primary first.</summary>
    public IReadOnlyList<DatabaseServerStatus> Servers => [.. servers.All.Select(router.StatusOf)];

    /// <summary>Opens the pool's minimum to each server, as far as there is time. Returns how many connections were opened.</summary>
    public async Task<int> OpenMinimumAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        int[] opened = await Task.WhenAll(servers.All.Select(server =>
            server.OpenAsync(options.MinPoolSize, within, cancellationToken))).ConfigureAwait(false);
        return opened.Sum();
    }

    /// <summary>Runs an idempotent query on any server that can be used; repeats it, on another one if there is one, when that fails.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.ReadBudget"/>, or no server that may be asked.</exception>
    public Task<T> ReadAsync<TState, T>(TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        ReadAsync(NpgsqlLogSequenceNumber.Invalid, state, query, cancellationToken);

    /// <summary>Runs an idempotent query on a replica that has replayed <paramref name="atLeast"/>, else on the primary.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.ReadBudget"/>, or no server that may be asked.</exception>
    public Task<T> ReadAsync<TState, T>(
        NpgsqlLogSequenceNumber atLeast, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        Translated(_reads.RunAsync(atLeast, state, query, cancellationToken));

    /// <summary>
    /// Runs an idempotent query on the primary, outside the bound of <see cref="PostgresOptions.PrimaryReads"/>: for what only the
    /// primary knows and is not asked for in masses. Repeats it when the connection was lost.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.ReadBudget"/>.</exception>
    public Task<T> ReadPrimaryAsync<TState, T>(TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        Translated(_reads.RunOnPrimaryAsync(state, query, cancellationToken));

    /// <summary>Runs a statement or transaction on the primary, once. After a time-out its outcome is not known.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.WriteBudget"/>.</exception>
    public async Task<T> WriteAsync<TState, T>(TState state, Func<NpgsqlConnection, TState, Task<T>> statement, CancellationToken cancellationToken)
    {
        using Activity? span = PostgresSpans.Write(servers.Primary);
        return await Translated(
            servers.Primary.RunAsync(PlaceKind.Own, Deadline.In(time, options.WriteBudget), state, statement, cancellationToken),
            OutcomeUnknown,
            span).ConfigureAwait(false);
    }

    /// <summary>Names the server for a heavy query: a replica that can be used, else the primary.</summary>
    /// <exception cref="DatabaseUnavailableException">There is none at the moment.</exception>
    public DatabaseServer ChooseForHeavyQuery()
    {
        Route route = router.NextReplica(NpgsqlLogSequenceNumber.Invalid, default) ?? router.ToPrimary();
        return route.Server.IsBroken
            ? throw new DatabaseUnavailableException("No database server can take the query at the moment.", DatabasePolicies.RetryAfter)
            : route.Server;
    }

    /// <summary>
    /// Runs a heavy query on exactly this server, once, in a read-only transaction. The server ends each of its statements after
    /// <paramref name="budget"/>; that it takes longer is the query's fault, not the server's. The wait for a connection counts.
    /// </summary>
    /// <param name="server">From <see cref="ChooseForHeavyQuery"/>.</param>
    /// <param name="budget">At most <see cref="MostHeavyBudget"/>.</param>
    /// <param name="state">For the query.</param>
    /// <param name="query">Must not end the transaction.</param>
    /// <param name="cancellationToken">Ends the wait, not the query.</param>
    /// <exception cref="DatabaseUnavailableException">No answer within the budget.</exception>
    public async Task<T> ReadHeavyAsync<TState, T>(
        DatabaseServer server, TimeSpan budget, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(budget, MostHeavyBudget);
        PlaceKind kind = server.Role == ServerRole.Replica ? PlaceKind.Own : router.ToPrimary().Kind;
        using Activity? span = PostgresSpans.Heavy(server);
        Task<T> call = server.RunHeavyAsync(
            kind,
            Deadline.In(time, budget + Grace),
            (State: state, Query: query, Budget: budget),
            static (connection, heavy) => ReadOnlyAsync(connection, heavy.Budget, heavy.State, heavy.Query),
            cancellationToken);
        return await Translated(call, span: span).ConfigureAwait(false);
    }

    private static async Task<T> ReadOnlyAsync<TState, T>(
        NpgsqlConnection connection, TimeSpan budget, TState state, Func<NpgsqlConnection, TState, Task<T>> query)
    {
        try
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
            string limits = string.Create(
                CultureInfo.InvariantCulture,
                $"""
                set transaction read only;
                set local statement_timeout = {(long)budget.TotalMilliseconds};
                -- One process a query, so that counting queries bounds what they take from the others.
                set local max_parallel_workers_per_gather = 0;
                -- A query whose connection is lost ends on the server, too; Windows has no way to notice.
                select set_config('client_connection_check_interval', '1s', true) where version() !~* 'windows|mingw|visual c'
                """);
            await using (NpgsqlCommand set = new(limits, connection, transaction))
                await set.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            T answer = await query(connection, state).ConfigureAwait(false);
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return answer;
        }
        catch (PostgresException ended) when (ended.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new DatabaseUnavailableException(
                $"The query takes longer than {budget.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", DatabasePolicies.RetryAfter, ended);
        }
    }

    private static async Task<T> Translated<T>(Task<T> call, string afterwards = "", Activity? span = null)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            if (DatabasePolicies.Unavailable(failure, afterwards) is { } unavailable)
                throw unavailable;
            throw;
        }
    }
}
