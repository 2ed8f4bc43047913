using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.CircuitBreaker;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Postgres;

/// <summary>
/// One PostgreSQL server: its pool, its breaker and what is known of it. Waits are abandoned, not cancelled: handing Npgsql a
/// token makes it ask the server for leave on a second connection, which a hung server never grants. An abandoned query keeps
/// its connection and its place until it ends, so that a hung server is never asked by more than <see cref="Max"/> queries.
/// </summary>
internal sealed class DatabaseServer : IAsyncDisposable
{
    // Fills a pool of 50 within a second where a connection takes 80 ms.
    private const int MostOpening = 4;

    private readonly NpgsqlDataSource _source;
    private readonly OpeningLimit _openings;
    private readonly ServerGuard _guard;
    private readonly TimeProvider _time;
    private readonly ServerPlaces _places;
    private volatile ServerObservation? _seen;

    public DatabaseServer(
        string name, ServerRole role, ServerLogin login, PostgresOptions options, ServerGuard guard, TimeProvider time, ILoggerFactory loggers)
    {
        Name = name;
        Role = role;
        Login = login;
        _guard = guard;
        _time = time;
        _places = new ServerPlaces(options.MaxPoolSize, Math.Min(options.PrimaryReads, options.MaxPoolSize));
        NpgsqlDataSourceBuilder pool = login.With(options.PoolTo).Source();
        pool.Name = name;
        _source = pool.UseLoggerFactory(loggers).Build();
        _openings = new OpeningLimit(_source, MostOpening, time);
    }

    public string Name { get; }

    public ServerRole Role { get; }

    /// <summary>As it is configured.</summary>
    public ServerLogin Login { get; }

    /// <summary>Queries under way.</summary>
    public int Busy => _places.Taken;

    /// <summary>As the primary: whether it could take a read that belongs on a replica.</summary>
    public bool HasRoomInsteadOfReplica => !IsBroken && _places.HasRoomInsteadOfReplica;

    /// <summary>Queries that wait for a place.</summary>
    public int Waiting => _places.Waiting;

    /// <summary>Queries at most.</summary>
    public int Max => _places.Max;

    /// <summary>Connections that are open and unused.</summary>
    public int Idle => PoolStatistics.Idle(Name);

    /// <summary>Its breaker is open: it is left alone at the moment.</summary>
    public bool IsBroken => _guard.IsOpen();

    /// <summary>What its last probe found; null when it has not answered.</summary>
    public ServerObservation? Seen => _seen;

    /// <summary>Raised when a query has lost its connection: a reason to look at the server before the next probe is due.</summary>
    public event Action? ConnectionLost;

    /// <summary>It has answered its probe.</summary>
    public void IsAt(ServerObservation seen) => _seen = seen;

    /// <summary>It has not, or must not be read. What is left of its connections would fail one query each.</summary>
    public void IsAway()
    {
        if (_seen is null)
            return;

        _seen = null;
        _source.Clear();
    }

    /// <summary>Runs a query once.</summary>
    /// <exception cref="DatabaseBusyException">There was no place for it.</exception>
    /// <exception cref="BrokenCircuitException">The server is left alone at the moment.</exception>
    /// <exception cref="TimeoutException">No answer in time; the query goes on behind it and keeps its place.</exception>
    public Task<T> RunAsync<TState, T>(
        PlaceKind kind, Deadline deadline, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        RunAsync(_guard.Calls, kind, deadline, state, query, cancellationToken);

    /// <summary>Runs a query that may take any time: that it is slow says nothing about the server.</summary>
    /// <inheritdoc cref="RunAsync{TState, T}(PlaceKind, Deadline, TState, Func{NpgsqlConnection, TState, Task{T}}, CancellationToken)"/>
    public Task<T> RunHeavyAsync<TState, T>(
        PlaceKind kind, Deadline deadline, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        RunAsync(_guard.HeavyCalls, kind, deadline, state, query, cancellationToken);

    /// <summary>
    /// Opens so many connections, or as many as there is time for, and leaves them to the pool. Each is held until the last one is
    /// open: else the pool would give the first one out again.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> OpenAsync(int connections, TimeSpan within, CancellationToken cancellationToken)
    {
        int wanted = Math.Min(connections, Max);
        int opened = 0;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Deadline deadline = Deadline.In(_time, within);
        // Ends before the deadline does: those that are open must not look as if the server had not answered them.
        TimeSpan held = within * 0.8;
        await Task.WhenAll(Enumerable.Range(0, wanted).Select(_ => OpenOneAsync())).ConfigureAwait(false);
        return opened;

        async Task OpenOneAsync()
        {
            try
            {
                await RunHeavyAsync(PlaceKind.Own, deadline, 0, HoldAsync, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (DatabasePolicies.Unavailable(failure) is not null)
            {
                // It is opened by the first query that needs it.
                done.TrySetResult();
            }
        }

        async Task<int> HoldAsync(NpgsqlConnection connection, int unused)
        {
            if (Interlocked.Increment(ref opened) == wanted)
                done.TrySetResult();
            await done.Task.WaitAsync(held, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return unused;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        _places.Dispose();
    }

    private async Task<T> RunAsync<TState, T>(
        ResiliencePipeline pipeline, PlaceKind kind, Deadline deadline, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        using ServerPlaces.Place place = await _places.TakeAsync(kind, deadline, _guard.IsOpen, cancellationToken).ConfigureAwait(false);
        PostgresSpans.Came("place");
        try
        {
            return await pipeline.ExecuteAsync(
                static (call, token) => call.Server.AttemptAsync(call.Place, call.Deadline, call.State, call.Query, token),
                (Server: this, Place: place, Deadline: deadline, State: state, Query: query),
                cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException failure) when (failure is not PostgresException && DatabasePolicies.IsServerTrouble(failure))
        {
            ConnectionLost?.Invoke();
            throw;
        }
    }

    private async ValueTask<T> AttemptAsync<TState, T>(
        ServerPlaces.Place place, Deadline deadline, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        Task<T> attempt = HoldingAsync(place.HandOver(), deadline, state, query);
        try
        {
            return await attempt.WaitAsync(deadline.Left, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception abandoned) when (abandoned is TimeoutException or OperationCanceledException)
        {
            attempt.Abandon();
            throw;
        }
    }

    private async Task<T> HoldingAsync<TState, T>(
        ServerPlaces.Place place, Deadline deadline, TState state, Func<NpgsqlConnection, TState, Task<T>> query)
    {
        using (place)
        {
            NpgsqlConnection connection = await _openings.OpenAsync(deadline).ConfigureAwait(false);
            PostgresSpans.Came("connection");
            try
            {
                return await query(connection, state).ConfigureAwait(false);
            }
            finally
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                _openings.GaveBack();
            }
        }
    }
}
