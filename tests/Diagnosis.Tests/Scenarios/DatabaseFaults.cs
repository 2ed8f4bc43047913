using Npgsql;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Faults of tables, indexes and servers.</summary>
internal static class DatabaseFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("missing index of orders", MissingIndexRule.Name, "orders", scenario => scenario.ExecuteAsync("drop index orders_user_created"), "orders"),
        new("missing index of users", MissingIndexRule.Name, "users", scenario => scenario.ExecuteAsync("drop index users_email_active"), "users"),
        new("stale statistics", TableRules.StaleStatistics, "audit", StaleAsync, "audit"),
        new("dead rows", TableRules.Bloat, "ledger", DeadRowsAsync, "ledger"),
        new("invalid index", IndexRules.Invalid, "products_category_broken", InvalidIndexAsync, "products"),
        new("duplicate index", IndexRules.Duplicate, "products_category_price2", scenario => scenario.ExecuteAsync(
            "create index products_category_price2 on products (category_id, price, id) where available"), "indexes"),
        new("slow statement", StatementRules.SlowQuery, "statement", SlowStatementAsync, "statement"),
        new("ids used up", CapacityRules.Name, "tickets_id_seq", scenario => scenario.ExecuteAsync(
            "create table tickets (id serial primary key); select setval('tickets_id_seq', 2000000000)"), "ids"),
        new("replica paused", ServerRules.ReplicaLag, "postgres-replica-1", PauseAsync, "replica"),
        new("replica killed", ServerRules.Away, "postgres-replica-1", KillReplicaAsync, "replica"),
    ];

    private static async Task StaleAsync(Scenario scenario)
    {
        await scenario.ExecuteAsync("create table audit (id bigint primary key, note text) with (autovacuum_enabled = off)");
        await scenario.ExecuteAsync("insert into audit select i, 'x' from generate_series(1, 1000) i; analyze audit");
        await scenario.ExecuteAsync("insert into audit select i, 'x' from generate_series(2000, 60000) i");
    }

    private static async Task DeadRowsAsync(Scenario scenario)
    {
        await scenario.ExecuteAsync("create table ledger (id bigint primary key, amount int) with (autovacuum_enabled = off)");
        await scenario.ExecuteAsync("insert into ledger select i, 0 from generate_series(1, 30000) i");
        await scenario.ExecuteAsync("update ledger set amount = 1");
        await scenario.ExecuteAsync("analyze ledger");
    }

    private static async Task InvalidIndexAsync(Scenario scenario)
    {
        PostgresException failed = await Assert.ThrowsAsync<PostgresException>(() =>
            scenario.ExecuteAsync("create unique index concurrently products_category_broken on products (category_id)"));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, failed.SqlState);
    }

    private static Task SlowStatementAsync(Scenario scenario)
    {
        scenario.Repeat(async _ =>
        {
            await using NpgsqlConnection connection = new(scenario.Primary + ";Pooling=false");
            await connection.OpenAsync();
            await using NpgsqlCommand command = new("select count(*), pg_sleep(0.15) from categories", connection);
            await command.ExecuteNonQueryAsync();
        });
        return Task.CompletedTask;
    }

    private static async Task PauseAsync(Scenario scenario)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        scenario.Afterwards(async () =>
        {
            await scenario.World.Cluster.Replicas[0].ResumeReplayAsync(token);
            await scenario.World.Cluster.CatchUpAsync(scenario.World.Cluster.Replicas[0], token);
        });
        await scenario.World.Cluster.Replicas[0].PauseReplayAsync(token);
        scenario.Repeat(_ => scenario.ExecuteAsync("update products set view_count = view_count + 1 where id = 1"), pauseMs: 100);
    }

    private static async Task KillReplicaAsync(Scenario scenario)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        scenario.Afterwards(async () =>
        {
            await scenario.World.Cluster.Replicas[0].RestartAsync(token);
            await scenario.World.Cluster.CatchUpAsync(scenario.World.Cluster.Replicas[0], token);
        });
        await scenario.World.Cluster.Replicas[0].KillAsync();
    }
}
