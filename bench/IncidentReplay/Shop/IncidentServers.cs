using Npgsql;
using TByte.Functions.IncidentReplay.Replaying;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>What all instances share: a primary and its replicas with a whole shop, and Redis.</summary>
internal sealed class IncidentServers : IAsyncDisposable
{
    // A server that is killed under load must be able to recover whatever it was writing.
    private static readonly Dictionary<string, string> ServerSettings = new() { ["full_page_writes"] = "on" };

    private IncidentServers(TestPostgresCluster postgres, TestRedis redis)
    {
        Postgres = postgres;
        Redis = redis;
        Indexes = new SecondaryIndexes(this);
    }

    public TestPostgresCluster Postgres { get; }

    public TestRedis Redis { get; }

    public SecondaryIndexes Indexes { get; }

    public ShopAddresses Addresses => new(
        Postgres.Primary.ConnectionString, [.. Postgres.Replicas.Select(static replica => replica.ConnectionString)], Redis.Connection);

    /// <summary>The servers of the database, the primary first.</summary>
    public IEnumerable<TestPostgresServer> Databases => [Postgres.Primary, .. Postgres.Replicas];

    /// <param name="scale">How large the shop is.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<IncidentServers> StartAsync(ReplayScale scale, CancellationToken cancellationToken)
    {
        TestPostgresCluster postgres = await TestPostgresCluster.StartAsync(scale.Replicas, cancellationToken, ShopContents.Schema, settings: ServerSettings);
        IncidentServers servers;
        try
        {
            servers = new IncidentServers(postgres, await TestRedis.StartAsync(cancellationToken));
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }

        try
        {
            await new Seeder().SeedAsync(postgres.Primary.ConnectionString, new SeedOptions { Generator = scale.Shop }, progress: null, cancellationToken);
            await servers.ExecuteAsync(DiscontinueSql(scale), cancellationToken);
            await servers.ExecuteAsync("create extension if not exists pg_stat_statements; vacuum analyze", cancellationToken);
            await servers.CatchUpAsync(cancellationToken);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until all replicas have what the primary has by now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        foreach (TestPostgresReplica replica in Postgres.Replicas)
            await Postgres.CatchUpAsync(replica, cancellationToken);
    }

    /// <summary>On the primary, however long it takes.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(Postgres.Primary, cancellationToken);
        foreach (string statement in sql.Split(';', StringSplitOptions.TrimEntries))
        {
            await using NpgsqlCommand command = new(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>All rows that a server answers with.</summary>
    public static async Task<IReadOnlyList<T>> QueryAsync<T>(
        TestPostgresServer server, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(server, cancellationToken);
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        List<T> found = [];
        while (await row.ReadAsync(cancellationToken))
            found.Add(read(row));
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    // What is not sold any more stays in the table: in the catalogue of an old shop it is the most of it.
    private static string DiscontinueSql(ReplayScale scale) => $"""
        insert into products (sku, name, description, price, category_id, available)
        select 'OLD-' || n, name, description, price, category_id, false
        from generate_series(1, {scale.Discontinued}) as n join products on id = 1 + n % {scale.Shop.Products}
        """;

    private static async Task<NpgsqlConnection> OpenAsync(TestPostgresServer server, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = new(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
