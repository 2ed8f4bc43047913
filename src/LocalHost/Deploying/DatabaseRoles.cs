using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace TByte.Functions.LocalHost.Deploying;

/// <summary>Makes the apps' roles in a database on Azure, and gives each what it needs; as often as wanted.</summary>
internal static class DatabaseRoles
{
    /// <param name="postgres">The shop's database, as whoever administers the server and has run the migrations.</param>
    /// <param name="roles">By app: api, warmup, maintenance.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NpgsqlException">The server does not answer, or refuses.</exception>
    public static async Task GrantAsync(string postgres, IReadOnlyDictionary<string, AppRole> roles, CancellationToken cancellationToken)
    {
        string maintenanceDatabase = new NpgsqlConnectionStringBuilder(postgres) { Database = "postgres" }.ConnectionString;
        await RunAsync(maintenanceDatabase, "roles.sql", roles, cancellationToken);
        await RunAsync(postgres, "grants.sql", roles, cancellationToken);
    }

    private static async Task RunAsync(
        string postgres, string script, IReadOnlyDictionary<string, AppRole> roles, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(postgres) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach ((string app, AppRole role) in roles)
        {
            await SetAsync(connection, $"tbyte.{app}_role", role.Name, cancellationToken);
            await SetAsync(connection, $"tbyte.{app}_object_id", role.ObjectId.ToString(), cancellationToken);
        }

        await using NpgsqlCommand command = new(await ReadAsync(script, cancellationToken), connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task SetAsync(NpgsqlConnection connection, string setting, string value, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("select set_config($1, $2, false)", connection) { Parameters = { new() { Value = setting }, new() { Value = value } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> ReadAsync(string script, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(typeof(DatabaseRoles).Assembly.GetManifestResourceStream(script)!);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
