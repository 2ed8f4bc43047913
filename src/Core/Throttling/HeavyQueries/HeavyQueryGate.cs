using System.Diagnostics;
using Npgsql;
using Polly.CircuitBreaker;
using TByte.Functions.Postgres;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Throttling;

/// <summary>
/// The only road to the database for queries that work for long. A query needs a slot of this instance and a permit of the fleet for the
/// server it goes to, and keeps both until it has ended there, whether or not somebody still waits for it.
/// </summary>
public sealed class HeavyQueryGate
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    private readonly HeavyQueryOptions _options;
    private readonly HeavyQueryQueue _queue;
    private readonly FleetPermits _permits;
    private readonly ShopDatabase _database;
    private readonly TimeProvider _time;
    private readonly HeavyQueryMetrics _metrics;

    internal HeavyQueryGate(
        HeavyQueryOptions options, HeavyQueryQueue queue, FleetPermits permits, ShopDatabase database, TimeProvider time, HeavyQueryMetrics metrics)
    {
        _options = options;
        _queue = queue;
        _permits = permits;
        _database = database;
        _time = time;
        _metrics = metrics;
        metrics.Observe(() => Status);
    }

    /// <summary>What is going on at the moment.</summary>
    public HeavyQueryStatus Status
    {
        get
        {
            (int running, int waiting) = _queue.Counts;
            return new HeavyQueryStatus(running, waiting, _queue.Limit, _options.FleetLimit);
        }
    }

    /// <summary>Runs a read-only query when its turn comes; repeats it when the connection was lost or the server could not take it.</summary>
    /// <exception cref="HeavyQueryRejectedException">Its turn has not come: enough of them run, and enough wait.</exception>
    /// <exception cref="DatabaseUnavailableException">
    /// No answer within <see cref="HeavyQueryOptions.QueryBudget"/>, or the database is not well.
    /// </exception>
    internal async Task<T> RunAsync<TState, T>(
        HeavyQueryPriority priority, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        HeavyQuerySlot slot = await EnterAsync(priority, cancellationToken).ConfigureAwait(false);
        Task ended = Task.CompletedTask;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    FleetPermit permit =
                        await _permits.AcquireAsync(_database.ChooseForHeavyQuery, slot.Deadline, cancellationToken).ConfigureAwait(false)
                        ?? throw new HeavyQueryRejectedException("The database has enough reports to work on.", _queue.RetryAfter());
                    HeavyQueryAttempt<TState, T> run = new(query, state, Deadline.In(_time, HeavyQueryOptions.LeaseMargin / 2));
                    try
                    {
                        return await _database.ReadHeavyAsync(
                            permit.Server, _options.QueryBudget, run, static (connection, run) => run.RunAsync(connection), cancellationToken)
                            .ConfigureAwait(false);
                    }
                    finally
                    {
                        run.GiveUp();
                        ended = EndAsync(run.Ended, permit);
                    }
                }
                catch (DatabaseUnavailableException failure) when (attempt < _options.Attempts && IsWorthRepeating(failure))
                {
                    await Task.Delay(Pause(attempt), _time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _ = EndAsync(ended, slot);
        }
    }

    private async Task<HeavyQuerySlot> EnterAsync(HeavyQueryPriority priority, CancellationToken cancellationToken)
    {
        using Activity? span = SpanSources.HeavyQueries.StartWithin("heavy query wait");
        long began = _time.GetTimestamp();
        try
        {
            HeavyQuerySlot slot = await _queue.EnterAsync(priority, cancellationToken).ConfigureAwait(false);
            _metrics.Waited(null, _time.GetElapsedTime(began));
            return slot;
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            _metrics.Waited(failure, _time.GetElapsedTime(began));
            throw;
        }
    }

    /// <summary>
    /// Gives back a right when the query has ended, or has been silent for so long that its server hangs and so does not work on it.
    /// </summary>
    private async Task EndAsync(Task ended, IDisposable right)
    {
        try
        {
            await ended.WaitAsync(_options.PermitLease, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The permit's lease has ended as well.
        }

        right.Dispose();
    }

    private static TimeSpan Pause(int attempt) => FirstPause * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble());

    // Not what took too long: it would do so again, and take as much from the others.
    private static bool IsWorthRepeating(DatabaseUnavailableException failure) => failure.InnerException switch
    {
        NpgsqlException lost => DatabasePolicies.IsWorthRepeating(lost),
        // Of all servers, or of the one that was chosen before it broke.
        null or BrokenCircuitException => true,
        _ => false,
    };
}
