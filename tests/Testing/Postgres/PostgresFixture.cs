using Xunit;

namespace TByte.Functions.Testing.Postgres;

/// <summary>
/// One server for a test assembly, started when the first test asks for a database. A test that stops or kills the server starts one of
/// its own: <see cref="TestPostgres.StartAsync"/>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestPostgres>> _server = new(() => TestPostgres.StartAsync(CancellationToken.None));

    /// <summary>Makes a new database with a small shop, or with what is asked for, and returns how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(ShopContents contents = ShopContents.SmallShop)
    {
        TestPostgres server = await _server.Value;
        return await server.CreateDatabaseAsync(contents, TestContext.Current.CancellationToken);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
