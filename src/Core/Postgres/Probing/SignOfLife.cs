using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>
/// Asks a server that is left alone whether it answers queries again. Over a new connection each time, since a hung server keeps
/// the old ones. A connection that is not there in time is waited for by the next one who asks: it is ahead in the server's queue, and
/// a server that hangs for long must not find a heap of them on its return.
/// </summary>
internal sealed class SignOfLife(string connectionString, TimeProvider time)
{
    // A host that was replaced is not found by the packets that were sent to the old one.
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(5);

    // Npgsql's own time-out dooms a connection for seconds before it ends it; the server's answer in that time would be lost.
    private readonly string _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Timeout = PostgresOptions.LastResort }.ConnectionString;

    private Task<NpgsqlConnection>? _opening;
    private long _openingSince;

    /// <summary>Ends with the server's answer; throws without one. Not to be called by two at once.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        Task<NpgsqlConnection> opening = Opening();
        try
        {
            await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (opening.IsCompleted)
                _opening = null;
        }

        NpgsqlConnection connection = await opening.ConfigureAwait(false);
        Task asking = AskAsync(connection);
        try
        {
            await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = DisposeAfterAsync(asking, connection);
        }
    }

    private Task<NpgsqlConnection> Opening()
    {
        if (_opening is { } opening && time.GetElapsedTime(_openingSince) < LongestOpening)
            return opening;

        if (_opening is { } givenUp)
            _ = DisposeAfterAsync(givenUp);
        _openingSince = time.GetTimestamp();
        return _opening = OpenAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = new(_connectionString);
        try
        {
            await connection.OpenAsync(CancellationToken.None).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task AskAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new("select 1", connection);
        await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task DisposeAfterAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
            await (await opening.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
    }

    private static async Task DisposeAfterAsync(Task asking, NpgsqlConnection connection)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
