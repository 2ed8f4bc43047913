using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Diagnosis;

/// <summary>
/// A connection of its own that can change nothing, waits for no lock and runs no statement for long. What a role may not see
/// costs only that part.
/// </summary>
internal sealed class ServerConnection : IAsyncDisposable
{
    /// <summary>A part of each of our statements, by which they are told from the workload.</summary>
    public const string Mark = "/* tbyte-diagnosis */";

    private const string Limits = $"""
        select {Mark} quote_ident(current_user::text), set_config('statement_timeout', '5s', false), set_config('lock_timeout', '500ms', false),
            set_config('default_transaction_read_only', 'on', false), set_config('idle_in_transaction_session_timeout', '30s', false),
            set_config('max_parallel_workers_per_gather', '0', false), set_config('jit', 'off', false)
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly List<NotSeen> _notSeen = [];

    private ServerConnection(string server, NpgsqlDataSource source, NpgsqlConnection connection, string role)
    {
        Server = server;
        _source = source;
        _connection = connection;
        MonitorGrant = $"grant pg_monitor to {role}";
    }

    public string Server { get; }

    /// <summary>The statement that lets this role see everybody's statistics.</summary>
    public string MonitorGrant { get; }

    public Version Version => _connection.PostgreSqlVersion;

    public IReadOnlyList<NotSeen> NotSeen => _notSeen;

    /// <summary>For what needs the connection itself.</summary>
    public NpgsqlConnection Inner => _connection;

    /// <exception cref="NpgsqlException">The server cannot be reached, or does not let this role in.</exception>
    public static async Task<ServerConnection> OpenAsync(string server, ServerLogin login, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = login.With(Settings).Source().Build();
        NpgsqlConnection connection = source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using NpgsqlCommand limits = new(Limits, connection);
            string role = (string)(await limits.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
            return new ServerConnection(server, source, connection, role);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Every row of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params object[] parameters)
    {
        await using NpgsqlCommand command = new(Marked(sql), _connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>The only row of a query.</summary>
    public async Task<T> SingleAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken) =>
        (await QueryAsync(sql, row, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Reads a part, or notes why it could not be read and returns the default.</summary>
    public async Task<T?> TryAsync<T>(string subject, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (PostgresException refusal)
        {
            Missed(subject, refusal);
            return default;
        }
    }

    public void Missed(string subject, PostgresException refusal) => Missed(subject, Reason(refusal), Grant(refusal));

    public void Missed(string subject, string reason, string? grant = null) => _notSeen.Add(new NotSeen($"{subject} of {Server}", reason, grant));

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private static string Settings(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "tbyte-functions-diagnosis",
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 10,
    }.ConnectionString;

    private static string Marked(string sql)
    {
        // Behind the first word: leading comments are not kept by every version.
        int end = sql.IndexOfAny([' ', '\n']);
        return string.Concat(sql.AsSpan(0, end), " ", Mark, sql.AsSpan(end));
    }

    private static string Reason(PostgresException refusal) => refusal.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => $"this role may not see it: {refusal.MessageText}",
        PostgresErrorCodes.LockNotAvailable => "it is locked by somebody",
        PostgresErrorCodes.QueryCanceled => "it took longer than 5 s",
        _ => $"{refusal.MessageText} ({refusal.SqlState})",
    };

    private string? Grant(PostgresException refusal) => refusal.SqlState == PostgresErrorCodes.InsufficientPrivilege ? MonitorGrant : null;
}
