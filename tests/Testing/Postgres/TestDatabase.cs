using Npgsql;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A database of a test's own, and statements to look into it.</summary>
public sealed class TestDatabase
{
    private TestDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    /// <summary>On a server that a test has started for itself.</summary>
    public static async Task<TestDatabase> CreateAsync(TestPostgres server, CancellationToken cancellationToken) =>
        new(await server.CreateDatabaseAsync(ShopContents.Nothing, cancellationToken) + ";Pooling=false");

    public static async Task<TestDatabase> CreateAsync(PostgresFixture postgres, ShopContents contents = ShopContents.Nothing) =>
        new(await postgres.CreateDatabaseAsync(contents) + ";Pooling=false");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of every row.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(await reader.GetFieldValueAsync<T>(0));
        return rows;
    }
}
