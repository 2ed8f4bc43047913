using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.CircuitBreaker;

namespace TByte.Functions.Postgres;

/// <summary>
/// The shop's database. Waits are abandoned, not cancelled: handing Npgsql a token makes it ask the server for leave on a
/// second connection, which a hung server never grants. An abandoned query keeps its connection and its place until it ends,
/// so that a hung server is never asked by more than <see cref="PostgresOptions.MaxPoolSize"/> queries of this instance.
/// </summary>
internal sealed class ShopDatabase : IAsyncDisposable
{
    private static readonly TimeSpan HeavyGrace = TimeSpan.FromSeconds(2);

    private readonly NpgsqlDataSource _source;
    private readonly PostgresOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _places;
    private readonly ResiliencePipeline _reads;
    private readonly ResiliencePipeline _writes;
    private readonly DatabaseServer _server;

    public ShopDatabase(PostgresOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _places = new SemaphoreSlim(options.MaxPoolSize);
        _server = new DatabaseServer("postgres-primary", options.MaxPoolSize, () => options.MaxPoolSize - _places.CurrentCount);
        _source = new NpgsqlDataSourceBuilder(options.ToConnectionString().ConnectionString).UseLoggerFactory(loggers).Build();
        _writes = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(DatabasePolicies.Breaker()).Build();
        _reads = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(DatabasePolicies.Retry()).AddPipeline(_writes).Build();
    }

    /// <summary>Runs an idempotent query; repeats it when the connection was lost or the server could not take it.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.ReadBudget"/>.</exception>
    public Task<T> ReadAsync<TState, T>(TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        RunAsync(new Road(_reads, _options.ReadBudget, ""), state, query, cancellationToken);

    /// <summary>Runs a statement or transaction once. After a time-out its outcome is not known.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within <see cref="PostgresOptions.WriteBudget"/>.</exception>
    public Task<T> WriteAsync<TState, T>(TState state, Func<NpgsqlConnection, TState, Task<T>> statement, CancellationToken cancellationToken) =>
        RunAsync(new Road(_writes, _options.WriteBudget, " Whether it was written is not known."), state, statement, cancellationToken);

    /// <summary>The server that a heavy query goes to best.</summary>
    public DatabaseServer ChooseForHeavyQuery() => _server;

    /// <summary>Runs a query once, on that server and in a read-only transaction; the server ends a statement that exceeds the budget.</summary>
    /// <exception cref="DatabaseUnavailableException">No answer within the budget.</exception>
    public async Task<T> ReadHeavyAsync<TState, T>(
        DatabaseServer server, TimeSpan budget, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        Debug.Assert(server == _server);
        try
        {
            return await RunAsync(
                // The server's own time-out comes first, while it is well: then its silence says something about it.
                new Road(_writes, budget + HeavyGrace, ""),
                (query, state, budget),
                static (connection, call) => ReadOnlyAsync(connection, call.budget, call.state, call.query),
                cancellationToken).ConfigureAwait(false);
        }
        catch (StatementTimeoutException late)
        {
            throw new DatabaseUnavailableException("The database was not done in time.", DatabasePolicies.BreakDuration, late);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    private async Task<T> RunAsync<TState, T>(
        Road road, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        long deadline = _time.GetTimestamp() + (long)(road.Budget.TotalSeconds * _time.TimestampFrequency);
        try
        {
            return await road.Pipeline.ExecuteAsync(
                static (call, token) => call.Database.AttemptAsync(call.Query, call.State, call.Deadline, token),
                (Database: this, Query: query, State: state, Deadline: deadline),
                cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException open)
        {
            throw new DatabaseUnavailableException(
                "The database is not answering and is left alone for a moment.", open.RetryAfter ?? DatabasePolicies.BreakDuration, open);
        }
        catch (DatabaseBusyException busy)
        {
            throw new DatabaseUnavailableException(busy.Message, DatabasePolicies.BreakDuration, busy);
        }
        catch (TimeoutException late)
        {
            throw new DatabaseUnavailableException("The database did not answer in time." + road.Afterwards, DatabasePolicies.BreakDuration, late);
        }
        catch (NpgsqlException failure) when (DatabasePolicies.IsServerTrouble(failure))
        {
            throw new DatabaseUnavailableException("The connection to the database failed." + road.Afterwards, DatabasePolicies.BreakDuration, failure);
        }
    }

    private async ValueTask<T> AttemptAsync<TState, T>(
        Func<NpgsqlConnection, TState, Task<T>> query, TState state, long deadline, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(TimeLeft(deadline), cancellationToken).ConfigureAwait(false))
            throw new DatabaseBusyException();

        Task<T> attempt = HoldingAPlaceAsync(query, state);
        try
        {
            return await attempt.WaitAsync(TimeLeft(deadline), _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception abandoned) when (!attempt.IsCompleted && abandoned is TimeoutException or OperationCanceledException)
        {
            _ = attempt.ContinueWith(
                static late => late.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    private async Task<T> HoldingAPlaceAsync<TState, T>(Func<NpgsqlConnection, TState, Task<T>> query, TState state)
    {
        try
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await query(connection, state).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private static async Task<T> ReadOnlyAsync<TState, T>(
        NpgsqlConnection connection, TimeSpan budget, TState state, Func<NpgsqlConnection, TState, Task<T>> query)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            NpgsqlCommand bounds = new(
                $"""
                set transaction read only;
                set local statement_timeout = {(long)budget.TotalMilliseconds};
                -- A query whose connection is lost ends on the server, too.
                set local client_connection_check_interval = '1s'
                """,
                connection);
            await using (bounds.ConfigureAwait(false))
                await bounds.ExecuteNonQueryAsync().ConfigureAwait(false);
            try
            {
                T result = await query(connection, state).ConfigureAwait(false);
                await transaction.CommitAsync().ConfigureAwait(false);
                return result;
            }
            catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.QueryCanceled)
            {
                // The query is too heavy, which says nothing about the server: the breaker must not see it.
                throw new StatementTimeoutException(late);
            }
        }
    }

    private TimeSpan TimeLeft(long deadline)
    {
        TimeSpan left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed class StatementTimeoutException(Exception inner) : Exception("The server has ended the statement.", inner);

    /// <param name="Pipeline">What the calls go through.</param>
    /// <param name="Budget">The longest a caller waits.</param>
    /// <param name="Afterwards">What a caller that got no answer should know.</param>
    private sealed record Road(ResiliencePipeline Pipeline, TimeSpan Budget, string Afterwards);
}
