using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>
/// Asks a server that is left alone whether it answers queries again. Over a new connection each time: a hung server keeps the old
/// ones, and opening can be given up, unlike a query.
/// </summary>
internal static class SignOfLife
{
    /// <summary>Ends with the server's answer; throws without one.</summary>
    public static async Task AskAsync(string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = new(connectionString);
        Task asking = AskAsync(connection, cancellationToken);
        try
        {
            await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = DisposeAfterAsync(asking, connection);
        }
    }

    private static async Task AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using NpgsqlCommand command = new("select 1", connection);
        await command.ExecuteScalarAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task DisposeAfterAsync(Task asking, NpgsqlConnection connection)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
