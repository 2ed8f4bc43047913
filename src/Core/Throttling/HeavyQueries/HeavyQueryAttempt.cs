using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Throttling;

/// <summary>
/// One attempt at a query, and what becomes of it when nobody waits for it any more: waits for PostgreSQL are abandoned, not cancelled,
/// so the query may go on, or not even have begun.
/// </summary>
/// <param name="query">The query.</param>
/// <param name="state">What it is given.</param>
/// <param name="beginBefore">Begun later it could outlive its permit.</param>
internal sealed class HeavyQueryAttempt<TState, T>(Func<NpgsqlConnection, TState, Task<T>> query, TState state, Deadline beginBefore)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    /// <summary>Completes when the query is known to work on the server no more; at once when it will not begin.</summary>
    public Task Ended => _ended.Task;

    public async Task<T> RunAsync(NpgsqlConnection connection)
    {
        if (!TryBegin())
            throw new OperationCanceledException("Nobody waits for this query any more.");

        try
        {
            if (beginBefore.Left == TimeSpan.Zero)
                throw new DatabaseBusyException("There was no connection to the database in time.");
            return await query(connection, state).ConfigureAwait(false);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Sees to it that it does not begin, if it has not.</summary>
    public void GiveUp()
    {
        if (TryBegin())
            _ended.TrySetResult();
    }

    private bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;
}
