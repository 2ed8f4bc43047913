using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>
/// A connection outside the pool that one probe begins to open and the next ones wait for, if it is not there in time: it is ahead
/// in the server's queue, and a server that hangs for long must not find a heap of them on its return.
/// </summary>
internal sealed class SharedOpening(ServerLogin server, TimeProvider time)
{
    // A host that was replaced is not found by the packets that were sent to the old one.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source = server.With(PostgresOptions.ProbeTo).Source().Build();
    private Task<NpgsqlConnection>? _opening;
    private long _since;

    /// <summary>Waits for it; it is then the caller's. Not to be called by two at once.</summary>
    /// <exception cref="TimeoutException">It is not there in time.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached, or does not let this app in.</exception>
    public async Task<NpgsqlConnection> TakeAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        Task<NpgsqlConnection> opening = Current();
        try
        {
            await opening.WaitAsync(most, time, cancellationToken).ConfigureAwait(false);
        }
        catch when (!opening.IsCompletedSuccessfully)
        {
            if (opening.IsCompleted)
                _opening = null;
            throw;
        }

        _opening = null;
        return await opening.ConfigureAwait(false);
    }

    /// <summary>Nobody will come for it.</summary>
    public void Leave()
    {
        if (_opening is { } opening)
            _ = DisposeAfterAsync(opening);
        _opening = null;
    }

    private Task<NpgsqlConnection> Current()
    {
        if (_opening is { } opening && time.GetElapsedTime(_since) < Longest)
            return opening;

        Leave();
        _since = time.GetTimestamp();
        return _opening = _source.OpenConnectionAsync(CancellationToken.None).AsTask();
    }

    private static async Task DisposeAfterAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }
}
