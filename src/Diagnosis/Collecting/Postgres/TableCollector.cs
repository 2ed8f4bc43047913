using Npgsql;

namespace TByte.Functions.Diagnosis;

/// <summary>Reads how tables are scanned, written and looked after.</summary>
internal static class TableCollector
{
    private const string Sql = """
        select case when n.nspname = 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(c.relname),
            coalesce(s.seq_scan, 0), coalesce(s.seq_tup_read, 0), coalesce(s.idx_scan, 0), s.n_tup_ins, s.n_tup_upd, s.n_tup_del,
            c.reltuples::float8, s.n_live_tup, s.n_dead_tup, s.n_mod_since_analyze,
            s.last_analyze is not null or s.last_autoanalyze is not null,
            current_setting('autovacuum')::bool and not coalesce('autovacuum_enabled=false' = any(c.reloptions) or 'autovacuum_enabled=off' = any(c.reloptions), false)
        from pg_catalog.pg_stat_user_tables s
        join pg_catalog.pg_class c on c.oid = s.relid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relpersistence <> 't' and c.relkind = 'r'
        order by greatest(s.n_live_tup, c.reltuples) desc
        limit 1000
        """;

    public static Task<IReadOnlyList<TableUse>> ReadAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(Sql, ReadTable, cancellationToken);

    private static TableUse ReadTable(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Use = new TableCounter(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)),
        PlannerRows = row.GetDouble(7),
        LiveRows = row.GetInt64(8),
        DeadRows = row.GetInt64(9),
        ChangedRows = row.GetInt64(10),
        WasAnalyzed = row.GetBoolean(11),
        IsVacuumed = row.GetBoolean(12),
    };
}
