using Npgsql;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Api.Tests;

/// <summary>A small shop for the tests of a class: a database and a Redis of its own, and an Api in front of them.</summary>
public class Shop(PostgresFixture postgres) : IAsyncLifetime
{
    private TestRedis _redis = null!;

    public ApiInstance Api { get; private set; } = null!;

    public string Database { get; private set; } = "";

    public string Redis => _redis.Connection;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync();
        await PrepareAsync();
        _redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        Api = await ApiInstance.StartAsync(Database, Redis);
    }

    public Task FlushRedisAsync() => _redis.FlushAsync(TestContext.Current.CancellationToken);

    public virtual async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await _redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Changes what is in the shop before the Api starts.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Runs a statement and returns its first column, row by row.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using NpgsqlConnection connection = new(Database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<T> values = [];
        while (await row.ReadAsync(TestContext.Current.CancellationToken))
            values.Add(row.GetFieldValue<T>(0));
        return values;
    }

    public async Task<T> OneAsync<T>(string sql) => Assert.Single(await QueryAsync<T>(sql));
}
