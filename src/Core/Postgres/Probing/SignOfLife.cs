using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>
/// Asks a server that is left alone whether it answers queries again. Over a new connection each time, since a hung server keeps
/// the old ones.
/// </summary>
internal sealed class SignOfLife(ServerLogin server, TimeProvider time)
{
    private readonly SharedOpening _opening = new(server, time);

    /// <summary>Ends with the server's answer; throws without one. Not to be called by two at once.</summary>
    public async Task AskAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _opening.TakeAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
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

    private static async Task AskAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new("select 1", connection);
        await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task DisposeAfterAsync(Task asking, NpgsqlConnection connection)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
