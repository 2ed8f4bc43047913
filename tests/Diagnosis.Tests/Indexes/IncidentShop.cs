using System.Diagnostics;
using Npgsql;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

/// <summary>The shop of the incident: its tables and its statements, and no index but those of its constraints.</summary>
internal sealed class IncidentShop
{
    private const string FillSql = """
        do $$
        declare
          one regclass;
        begin
          for one in select indexrelid from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid)
          loop
            execute format('drop index %s', one);
          end loop;
        end $$;
        insert into categories (name) select 'Category ' || i from generate_series(1, 40) as i;
        insert into users (email, name, active) select 'user' || i || '@example.com', 'User ' || i, i % 20 <> 0 from generate_series(1, 10000) as i;
        insert into products (sku, name, description, price, category_id, available)
          select 'S' || i, 'Product ' || i, repeat('x', 200), i * 37 % 10000 / 100.0, 1 + i % 40, i % 9 <> 0 from generate_series(1, 10000) as i;
        insert into orders (user_id, status, total_amount, created_at)
          select case when i % 4 = 0 then null when i % 2 = 0 then 1 + i % 100 else 1 + i * 7919 % 10000 end,
            (array['pending', 'paid', 'shipped', 'delivered', 'cancelled'])[1 + i % 5], i % 500, now() - (50000 - i) * interval '10 minutes'
          from generate_series(1, 50000) as i;
        insert into order_items select i, line, 1 + (i * 31 + line) % 10000, 1, 5 from generate_series(1, 50000) as i, generate_series(1, 2) as line;
        """;

    private const string WorkloadSql = """
        select queryid, query, calls, total_exec_time from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database()) and calls > 0
        order by total_exec_time desc limit 40
        """;


    private readonly Stopwatch _sinceReset = new();
    private TimeSpan _window;

    private IncidentShop(string database) => Database = database;

    public string Database { get; }

    public static async Task<IncidentShop> CreateAsync(TestPostgres server, CancellationToken cancellationToken)
    {
        IncidentShop shop = new(await server.CreateDatabaseAsync(ShopContents.Schema, cancellationToken) + ";Pooling=false");
        await shop.ExecuteAsync(FillSql, cancellationToken);
        await shop.VacuumAsync(cancellationToken);
        await shop.ExecuteAsync("select pg_stat_reset(), pg_stat_statements_reset()", cancellationToken);
        shop._sinceReset.Start();
        return shop;
    }

    /// <summary>
    /// Until its pages are known to be visible to all, without which index-only scans are worth nothing: commits must be on disk for that.
    /// </summary>
    public Task VacuumAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            await ExecuteAsync("vacuum analyze", cancellationToken);
            return (await NamesAsync(
                "select relname from pg_class where relname in ('orders', 'users', 'products') and relallvisible < relpages * 0.9",
                cancellationToken)).Count == 0;
        },
        "the pages are visible to all",
        cancellationToken);

    /// <summary>What its statements have cost since it was made.</summary>
    public async Task<IReadOnlyList<WorkloadQuery>> WorkloadAsync(CancellationToken cancellationToken)
    {
        await ShopCalls.RunAsync(Database, cancellationToken);
        _window = _sinceReset.Elapsed;
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(WorkloadSql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        List<WorkloadQuery> workload = [];
        while (await row.ReadAsync(cancellationToken))
            workload.Add(new WorkloadQuery(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetDouble(3)));
        return workload;
    }

    public async Task<IndexAdvice> AdviseAsync(IReadOnlyList<WorkloadQuery> workload, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        return await new IndexAdvisor(TimeProvider.System).AdviseAsync(connection, workload, _window, cancellationToken);
    }

    /// <summary>The plan of each statement that has one.</summary>
    public async Task<IReadOnlyDictionary<WorkloadQuery, PlanNode>> PlansAsync(IReadOnlyList<WorkloadQuery> workload, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        var explain = new ExplainSession(connection, transaction);
        await explain.ConfigureAsync(cancellationToken);
        return (await new WorkloadPlans(connection, explain).ReadAsync(workload, [], () => true, cancellationToken)).ToDictionary(plan => plan.Query, plan => plan.Plan);
    }

    /// <summary>The first column of every row.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        List<string> names = [];
        while (await row.ReadAsync(cancellationToken))
            names.Add(row.GetString(0));
        return names;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
