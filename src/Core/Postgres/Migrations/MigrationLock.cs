using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>The session advisory lock under which migrations run; closing its connection releases it.</summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    // "tbytemig" in ASCII: a key of our own among the database's advisory locks.
    private const long Key = 0x746279_74656D_6967;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<MigrationLock> TakeAsync(string connectionString, ILogger logger, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).WaitAsync(ConnectTimeout, cancellationToken);
            await WaitForLockAsync(connection, logger, cancellationToken);
            return new MigrationLock(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // Tried again and again rather than waited for in the server: such a wait cannot be cancelled without asking the server,
    // and its open snapshot would hold up a concurrent index build.
    private static async Task WaitForLockAsync(NpgsqlConnection connection, ILogger logger, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var attempt = 0; !await TryTakeAsync(connection, cancellationToken); attempt++)
        {
            if (attempt == 0)
                logger.LogInformation("Another instance migrates the database; waiting for it");
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new DatabaseMigrationException($"Another instance has held the migration lock for more than {Patience}.");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<bool> TryTakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection)
        {
            Parameters = { new() { Value = Key } },
        };
        return (bool)(await command.ExecuteScalarAsync(CancellationToken.None).WaitAsync(ConnectTimeout, cancellationToken))!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
