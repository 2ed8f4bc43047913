using Npgsql;

namespace TByte.Functions.Testing;

/// <summary>A database of its own on a running server, dropped at the end.</summary>
internal sealed class EmptyDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    private EmptyDatabase(string server) => _server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name, Pooling = false }.ConnectionString;

    public static async Task<EmptyDatabase> CreateAsync(string server)
    {
        var database = new EmptyDatabase(server);
        await database.OnServerAsync($"create database {database._name}");
        return database;
    }

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

    public async ValueTask DisposeAsync() => await OnServerAsync($"drop database if exists {_name} with (force)");

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
