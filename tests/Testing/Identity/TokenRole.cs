using Npgsql;

namespace TByte.Functions.Testing.Identity;

/// <summary>A role of a PostgreSQL that gets in with a valid token instead of a password, as a managed identity does.</summary>
public sealed class TokenRole : IDisposable
{
    private const string Name = "app_identity";

    private readonly TokenServer _tokens;

    private TokenRole(TokenServer tokens, string connectionString)
    {
        _tokens = tokens;
        ConnectionString = connectionString;
    }

    /// <summary>With the role's name, and no password.</summary>
    public string ConnectionString { get; }

    /// <summary>How often it was let in.</summary>
    public int Accepted => _tokens.Accepted;

    /// <summary>How often it was not.</summary>
    public int Refused => _tokens.Refused;

    /// <param name="database">To a database of a server of the test's own; the role may do everything there.</param>
    /// <param name="authority">Says which tokens are valid.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TokenRole> CreateAsync(string database, TokenAuthority authority, CancellationToken cancellationToken)
    {
        TokenServer tokens = new(authority);
        await using NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlBatch batch = new(connection)
        {
            BatchCommands =
            {
                new($"create role {Name} login superuser"),
                new($"""
                    do $$ begin execute format('copy (select line from (values
                        (''host all {Name} 127.0.0.1/32 radius radiusservers="127.0.0.1" radiusports="{tokens.Port}" radiussecrets="{TokenServer.Secret}"''),
                        (''local all all scram-sha-256''), (''host all all all scram-sha-256'')) as hba (line)) to %L',
                        current_setting('hba_file')); end $$
                    """),
                new("select pg_reload_conf()"),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        TokenRole role = new(
            tokens, new NpgsqlConnectionStringBuilder(database) { Username = Name, Password = null, Host = "127.0.0.1" }.ConnectionString);
        await role.IsAskedForTokensAsync(cancellationToken);
        return role;
    }

    public void Dispose() => _tokens.Dispose();

    // The new rules hold a moment after they were asked for.
    private Task IsAskedForTokensAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            await using NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
            try
            {
                await connection.OpenAsync(cancellationToken);
                return false;
            }
            catch (NpgsqlException)
            {
                return true;
            }
        },
        "nobody gets in without a token",
        cancellationToken);
}
