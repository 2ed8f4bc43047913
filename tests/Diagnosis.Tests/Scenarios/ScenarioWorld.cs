using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>A primary, a replica and Redis, with a shop whose tables are large enough for indexes to matter.</summary>
public sealed class ScenarioWorld : IAsyncLifetime
{
    private const string Template = "scenario_template";

    private const string FillSql = """
        insert into categories (name) select 'category ' || i from generate_series(1, 20) i;
        insert into users (email, name) select 'user' || i || '@example.com', 'User ' || i from generate_series(1, 20000) i;
        insert into products (sku, name, description, price, category_id, available)
            select 'SKU' || i, 'Product ' || i, repeat('text ', 30), (i * 7919 % 10000) / 100.0, 1 + i % 20, i % 10 <> 0 from generate_series(1, 10000) i;
        insert into orders (user_id, status, total_amount, created_at)
            select 1 + (i::bigint * 7919) % 20000, 'paid', (i % 500) + 1, timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 120000) i;
        insert into order_items (order_id, line, product_id, quantity, unit_price)
            select i, 1, 1 + i % 10000, 1, 9.99 from generate_series(1, 120000) i;
        """;

    private TestPostgresCluster? _cluster;
    private TestRedis? _redis;

    public TestPostgresCluster Cluster => _cluster!;

    public TestRedis Redis => _redis!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await TestRedis.StartAsync(Token);
        _cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        string postgres = Cluster.Primary.ConnectionTo("postgres");
        // Few enough to take them all.
        await ExecuteAsync(postgres, "alter system set max_connections = 60");
        await Cluster.Primary.KillAsync();
        await Cluster.Primary.RestartAsync(Token);
        await ExecuteAsync(postgres, $"create database {Template}");
        string template = Cluster.Primary.ConnectionTo(Template) + ";Pooling=false";
        await DatabaseMigrator.MigrateAsync(template, NullLogger.Instance, Token);
        await ExecuteAsync(template, FillSql);
        await ExecuteAsync(template, "vacuum analyze");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    /// <summary>A shop of a scenario's own, healthy.</summary>
    internal async Task<Scenario> BeginAsync()
    {
        string name = "scenario_" + Guid.NewGuid().ToString("N");
        await ExecuteAsync(Cluster.Primary.ConnectionTo("postgres"), $"create database {name} template {Template}");
        await Cluster.CatchUpAsync(Cluster.Replicas[0], Token);
        await Redis.FlushAsync(Token);
        return new Scenario(this, name, await ConnectionMultiplexer.ConnectAsync($"{Redis.Connection},allowAdmin=true"));
    }

    internal async Task EndAsync(string database) =>
        await ExecuteAsync(Cluster.Primary.ConnectionTo("postgres"), $"drop database {database} with (force)");

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(Token);
    }
}
