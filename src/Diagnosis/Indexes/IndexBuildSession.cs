using System.Data;
using System.Globalization;
using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A connection of its own, on which indexes are built.</summary>
internal sealed class IndexBuildSession : IAsyncDisposable
{
    // "tbyteidx" in ASCII: a key of our own among the database's advisory locks.
    private const long LockKey = 0x7462_7974_6569_6478;

    private const string ApplicationName = "tbyte-functions-index";

    // Settings of the role or the database may not end a build; 17 has one more of them.
    private const string SettingsSql = """
        select /* tbyte-diagnosis */ set_config(name, value, false)
        from (values ('statement_timeout', '0'), ('transaction_timeout', '0'), ('search_path', 'public'), ('lock_timeout', $1))
            as wanted (name, value)
        where exists (select from pg_settings where pg_settings.name = wanted.name)
        """;

    // Without it the server goes on building for a client that is gone.
    private const string CheckClientSql = "set client_connection_check_interval = '2s'";

    private const string OldTransactionSql = """
        select /* tbyte-diagnosis */ extract(epoch from max(age))::float8 from (
            select clock_timestamp() - xact_start as age from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
            union all
            select clock_timestamp() - prepared from pg_prepared_xacts where database = current_database()
        ) as transactions
        """;

    private const string DefinitionsSql =
        "select /* tbyte-diagnosis */ pg_get_indexdef(indexrelid) from pg_index where indrelid = to_regclass($1) and indisvalid and indisready and indislive";

    // Ours by their names, and by what we never build. That nobody builds them is also sure by our lock.
    private const string LeftoversSql = """
        select /* tbyte-diagnosis */ format('%I.%I', n.nspname, c.relname), c.relname
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        where not i.indisvalid and c.relname ~ $1 and ($2::text is null or i.indrelid = to_regclass($2))
            and not i.indisunique and not i.indisexclusion
            and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private IndexBuildSession(NpgsqlDataSource source)
    {
        _source = source;
        _connection = source.CreateConnection();
    }

    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    /// <summary>Whether it is the one that builds.</summary>
    public bool HasLock { get; private set; }

    /// <exception cref="NpgsqlException">The server does not answer.</exception>
    public static async Task<IndexBuildSession> OpenAsync(ServerLogin login, TimeSpan lockTimeout, CancellationToken cancellationToken)
    {
        IndexBuildSession session = new(login.With(Settings).Source().Build());
        try
        {
            await session._connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await session.ConfigureAsync(lockTimeout, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Why nothing may be built here now; null when it may, and then nobody else may until this is disposed of.</summary>
    public async Task<string?> RefusalAsync(TimeSpan oldTransaction, CancellationToken cancellationToken)
    {
        // A pooler makes up process ids of its own.
        if (await ScalarAsync<int>("select /* tbyte-diagnosis */ pg_backend_pid()", cancellationToken).ConfigureAwait(false) != _connection.ProcessID)
            return "a pooler is between here and the server";
        if (await ScalarAsync<bool>("select /* tbyte-diagnosis */ pg_is_in_recovery()", cancellationToken).ConfigureAwait(false))
            return "the server is a replica";
        HasLock = await ScalarAsync<bool>("select /* tbyte-diagnosis */ pg_try_advisory_lock($1)", cancellationToken, LockKey).ConfigureAwait(false);
        if (!HasLock)
            return "another index is being built";
        double? age = await ScalarAsync<double?>(OldTransactionSql, cancellationToken).ConfigureAwait(false);
        return age > oldTransaction.TotalSeconds
            ? string.Create(CultureInfo.InvariantCulture, $"a transaction has been open for {age:0} s, and the build would wait for it")
            : null;
    }

    /// <summary>Whether the table has such an index, under whatever name.</summary>
    public async Task<bool> HasAsync(IndexProposal proposal, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(DefinitionsSql, _connection) { Parameters = { new() { Value = proposal.Table } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            string definition = row.GetString(0);
            int start = definition.IndexOf(" USING ", StringComparison.Ordinal);
            if (start >= 0 && IndexDefinition.AreSame(definition[start..], proposal.Definition))
                return true;
        }
        return false;
    }

    /// <summary>Removes what our builds have left, of a table or of all; returns their names.</summary>
    public async Task<IReadOnlyList<string>> SweepAsync(string? table, CancellationToken cancellationToken)
    {
        List<(string Sql, string Name)> leftovers = [];
        await using (NpgsqlCommand command = new(LeftoversSql, _connection)
        {
            Parameters =
            {
                new() { Value = IndexName.Pattern },
                new() { Value = (object?)table ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            },
        })
        {
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
                leftovers.Add((row.GetString(0), row.GetString(1)));
        }
        foreach ((string sql, _) in leftovers)
            await RunAsync($"drop index concurrently if exists {sql}", cancellationToken).ConfigureAwait(false);
        return [.. leftovers.Select(leftover => leftover.Name)];
    }

    /// <summary>Runs one statement, as it is.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new(_connection) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private static string Settings(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        ApplicationName = ApplicationName,
        CommandTimeout = 0,
        KeepAlive = 10,
    }.ConnectionString;

    private async Task ConfigureAsync(TimeSpan lockTimeout, CancellationToken cancellationToken)
    {
        string milliseconds = lockTimeout.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        await ScalarAsync<string>(SettingsSql, cancellationToken, milliseconds).ConfigureAwait(false);
        try
        {
            await RunAsync(CheckClientSql, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException)
        {
            // It came with version 14, and not on every system.
        }
    }

    private async Task<T?> ScalarAsync<T>(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = new(sql, _connection);
        foreach (object value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is T result ? result : default;
    }
}
