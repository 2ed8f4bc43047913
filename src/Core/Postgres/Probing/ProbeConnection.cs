using Npgsql;
using NpgsqlTypes;

namespace TByte.Functions.Postgres;

/// <summary>
/// A connection of its own, outside the pool and kept open, so that neither a full pool nor its own set-up decides what a probe
/// finds. Nothing ends a hung query of Npgsql's at once: closing the connection waits for it, and a token makes Npgsql ask the
/// hung server. So a connection that gives no answer in time is left to itself, and the next probe opens a new one. It is taken
/// back when its answer does come.
/// </summary>
internal sealed class ProbeConnection(ServerLogin server, TimeSpan timeout, TimeProvider time) : IAsyncDisposable
{
    private const string Sql = """
        select pg_is_in_recovery(),
            case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end,
            extract(epoch from now() - pg_last_xact_replay_timestamp())::float8
        """;

    private readonly SharedOpening _opening = new(server, time);
    private NpgsqlConnection? _open;
    private volatile bool _isDisposed;

    /// <summary>Asks the server where it is.</summary>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="NpgsqlException">It cannot be reached, or does not let this app in.</exception>
    public async Task<ServerObservation> AskAsync(CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.In(time, timeout);
        if (Interlocked.Exchange(ref _open, null) is { } kept)
        {
            try
            {
                return await AskAsync(kept, deadline, cancellationToken).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // That this connection was lost says little of the server; whether there is a new one says more.
            }
        }

        NpgsqlConnection opened = await _opening.TakeAsync(deadline.Left, cancellationToken).ConfigureAwait(false);
        return await AskAsync(opened, deadline, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _opening.Leave();
        if (Interlocked.Exchange(ref _open, null) is { } open)
            await open.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ServerObservation> AskAsync(NpgsqlConnection connection, Deadline deadline, CancellationToken cancellationToken)
    {
        Task<ServerObservation> asking = AskAsync(connection);
        Task kept = KeepAfterAsync(asking, connection);
        ServerObservation answer = await asking.WaitAsync(deadline.Left, time, cancellationToken).ConfigureAwait(false);
        await kept.ConfigureAwait(false);
        return answer;
    }

    /// <summary>Keeps a connection that has answered, unless there is another one by then.</summary>
    private async Task KeepAfterAsync(Task asking, NpgsqlConnection connection)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asking.IsCompletedSuccessfully || Interlocked.CompareExchange(ref _open, connection, null) is not null)
            await connection.DisposeAsync().ConfigureAwait(false);
        else if (_isDisposed)
            await DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<ServerObservation> AskAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new(Sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(CancellationToken.None).ConfigureAwait(false);
        await row.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        return new ServerObservation(
            row.GetBoolean(0),
            row.IsDBNull(1) ? default : row.GetFieldValue<NpgsqlLogSequenceNumber>(1),
            row.IsDBNull(2) ? null : TimeSpan.FromSeconds(Math.Clamp(row.GetDouble(2), 0, TimeSpan.FromDays(1_000).TotalSeconds)));
    }
}
