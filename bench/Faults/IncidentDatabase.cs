using Npgsql;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Faults;

/// <summary>A shop with a million orders, and no index but those of its constraints until it is given some.</summary>
internal sealed class IncidentDatabase
{
    public const int Orders = 1_000_000;

    private const string SecondaryFilter =
        "c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid)";

    private const string DefinitionsSql =
        $"select pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid where {SecondaryFilter}";

    private const string NamesSql =
        $"select quote_ident(c.relname) from pg_index i join pg_class c on c.oid = i.indexrelid where {SecondaryFilter}";

    private const string StatementTimeSql = """
        select sum(total_exec_time) from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database()) and query !~* 'tbyte[-_](diagnosis|advice|index)'
            and query !~* '^(create|drop|vacuum|explain)'
        """;

    private IncidentDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    /// <summary>The statements that make the indexes which the shop is designed with.</summary>
    public IReadOnlyList<string> DesignedIndexes { get; private set; } = [];

    public static async Task<IncidentDatabase> CreateAsync(TestPostgres server, CancellationToken cancellationToken)
    {
        IncidentDatabase database = new(await server.CreateDatabaseAsync(ShopContents.Schema, cancellationToken));
        database.DesignedIndexes = await database.QueryAsync<string>(DefinitionsSql, cancellationToken);
        await database.DropIndexesAsync(cancellationToken);
        SeedOptions options = new() { Generator = new GeneratorOptions { Orders = Orders } };
        await new Seeder().SeedAsync(database.ConnectionString, options, progress: null, cancellationToken);
        await database.ExecuteAsync("vacuum analyze", cancellationToken);
        return database;
    }

    public async Task DropIndexesAsync(CancellationToken cancellationToken)
    {
        foreach (string index in await QueryAsync<string>(NamesSql, cancellationToken))
            await ExecuteAsync($"drop index concurrently if exists {index}", cancellationToken);
    }

    /// <summary>What the statements have taken on the server since the last call, in milliseconds; the diagnosis' own do not count.</summary>
    public async Task<double> TakeStatementTimeAsync(CancellationToken cancellationToken)
    {
        double milliseconds = (await QueryAsync<double>(StatementTimeSql, cancellationToken))[0];
        await ExecuteAsync("select pg_stat_statements_reset()", cancellationToken);
        return milliseconds;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first column of every row.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        List<T> found = [];
        while (await row.ReadAsync(cancellationToken))
            found.Add(row.GetFieldValue<T>(0));
        return found;
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = new(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
