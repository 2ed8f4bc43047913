using System.Globalization;
using Microsoft.Extensions.Logging;
using TByte.Functions.Identity;

namespace TByte.Functions.Postgres;

/// <summary>The primary and its replicas.</summary>
internal sealed class DatabaseServers : IAsyncDisposable
{
    /// <param name="options">Where they are.</param>
    /// <param name="identity">Signs in where a connection string has no password.</param>
    /// <param name="guard">Makes what the calls to a server go through, by the server's name and how to get into it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For Npgsql.</param>
    public DatabaseServers(
        PostgresOptions options, AppIdentity identity, Func<string, ServerLogin, ServerGuard> guard, TimeProvider time, ILoggerFactory loggers)
    {
        Primary = Create("postgres-primary", ServerRole.Primary, options.Primary);
        Replicas = [.. options.Replicas.Select((replica, i) =>
            Create(string.Create(CultureInfo.InvariantCulture, $"postgres-replica-{i + 1}"), ServerRole.Replica, replica))];
        All = [Primary, .. Replicas];

        DatabaseServer Create(string name, ServerRole role, string connectionString)
        {
            ServerLogin login = identity.ToPostgres(connectionString);
            return new DatabaseServer(name, role, login, options, guard(name, login), time, loggers);
        }
    }

    public DatabaseServer Primary { get; }

    public IReadOnlyList<DatabaseServer> Replicas { get; }

    /// <summary>The primary first.</summary>
    public IReadOnlyList<DatabaseServer> All { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (DatabaseServer server in All)
            await server.DisposeAsync().ConfigureAwait(false);
    }
}
