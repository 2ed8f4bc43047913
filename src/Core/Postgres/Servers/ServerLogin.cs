using System.Diagnostics;
using Npgsql;
using TByte.Functions.Identity;

namespace TByte.Functions.Postgres;

/// <summary>How to get into a PostgreSQL server: a connection string and, where that has no password, the tokens that stand for one.</summary>
internal sealed class ServerLogin(string connectionString, TokenKeeper? tokens = null)
{
    /// <summary>Whether a connection string holds all that is needed.</summary>
    public static bool HasPassword(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) is { Password: { Length: > 0 } } or { Passfile: { Length: > 0 } };

    /// <summary>The same server and login with other settings.</summary>
    public ServerLogin With(Func<string, string> settings) => new(settings(connectionString), tokens);

    /// <summary>
    /// What opens connections, each with the token of that moment. With none it waits for one as long as a connection may take to open, and
    /// then fails as one to a server that does not answer.
    /// </summary>
    public NpgsqlDataSourceBuilder Source()
    {
        NpgsqlDataSourceBuilder source = new(connectionString);
        // Else it is the connection string, and goes out with every metric.
        source.Name = source.ConnectionStringBuilder.ApplicationName;
        // What an instance asks for itself, every second or two, would be a trace of one span each time.
        source.ConfigureTracing(static tracing => tracing
            .ConfigureCommandFilter(static _ => Activity.Current is not null)
            .ConfigureBatchFilter(static _ => Activity.Current is not null));
        if (tokens is not null)
        {
            source.UsePasswordProvider(
                _ => tokens.Current ?? throw new TimeoutException("There is no token."),
                (settings, cancellationToken) => tokens.GetAsync(
                    settings.Timeout > 0 ? TimeSpan.FromSeconds(settings.Timeout) : Timeout.InfiniteTimeSpan, cancellationToken));
        }

        return source;
    }
}
