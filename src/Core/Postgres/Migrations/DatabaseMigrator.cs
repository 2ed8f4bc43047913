using DbUp;
using DbUp.Engine;
using DbUp.Postgresql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>Brings a database's schema up to date by the numbered scripts in this folder.</summary>
/// <remarks>
/// Any number of instances may call it at once: a session advisory lock lets one work while the others wait, and they then find
/// nothing left to do. A session lock needs a session: the connection string must lead to the server itself, not to
/// PgBouncer in transaction mode, where lock and unlock may land in different sessions.
/// Each script runs in a transaction of its own, so a failed one leaves the schema as the script before it made it.
/// </remarks>
public static class DatabaseMigrator
{
    private static readonly TimeSpan ScriptTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Runs the scripts that this database has not seen yet and returns how many that were.</summary>
    /// <remarks>When cancelled it returns at once and starts no further script; the server ends or undoes the running one.</remarks>
    /// <exception cref="DatabaseMigrationException">A script failed, or another instance held the lock for too long.</exception>
    public static async Task<int> MigrateAsync(string connectionString, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentNullException.ThrowIfNull(logger);

        var unpooled = Unpooled(connectionString);
        await using var migrationLock = await MigrationLock.TakeAsync(unpooled, logger, cancellationToken);

        // DbUp is synchronous and knows no cancellation.
        var upgrade = Task.Run(() => Upgrade(unpooled, logger, cancellationToken), CancellationToken.None);
        var result = await upgrade.WaitAsync(cancellationToken);
        if (result.Successful)
            return result.Scripts.Count();

        cancellationToken.ThrowIfCancellationRequested();
        var script = result.ErrorScript?.Name ?? "of the schema";
        throw new DatabaseMigrationException($"Migration {script} failed: {result.Error.Message}", result.Error);
    }

    private static string Unpooled(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Multiplexing = false, Enlist = false };
        builder.ApplicationName ??= "tbyte-migrations";
        return builder.ConnectionString;
    }

    private static DatabaseUpgradeResult Upgrade(string connectionString, ILogger logger, CancellationToken cancellationToken) =>
        DeployChanges.To
            .PostgresqlDatabase(new PostgresqlConnectionManager(connectionString))
            .JournalToPostgresqlTable("public", "schema_migrations")
            .WithScripts(MigrationScripts.All())
            .WithPreprocessor(new CancelBetweenScripts(cancellationToken))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .WithExecutionTimeout(ScriptTimeout)
            .LogTo(new MigrationLog(logger))
            .Build()
            .PerformUpgrade();

    private sealed class CancelBetweenScripts(CancellationToken cancellationToken) : IScriptPreprocessor
    {
        public string Process(string contents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return contents;
        }
    }
}
