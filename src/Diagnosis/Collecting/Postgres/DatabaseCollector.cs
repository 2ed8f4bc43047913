namespace TByte.Functions.Diagnosis;

/// <summary>Reads what the database as a whole has been through, and which of its limits are near.</summary>
internal static class DatabaseCollector
{
    private const string DatabaseSql = """
        select d.xact_commit, d.xact_rollback, d.blks_hit, d.blks_read, d.temp_bytes, d.deadlocks,
            (select max(age(datfrozenxid))::bigint from pg_catalog.pg_database where datallowconn),
            current_setting('autovacuum_freeze_max_age')::bigint,
            current_setting('autovacuum')::bool,
            pg_catalog.pg_size_bytes(current_setting('max_wal_size')),
            coalesce(d.stats_reset, pg_catalog.pg_postmaster_start_time())
        from pg_catalog.pg_stat_database d where d.datname = current_database()
        """;

    private const string CheckpointsSql = "select num_requested from pg_catalog.pg_stat_checkpointer";

    private const string CheckpointsBefore17Sql = "select checkpoints_req from pg_catalog.pg_stat_bgwriter";

    private const string SizeSql = "select pg_catalog.pg_database_size(current_database())";

    // The column may be narrower than its sequence.
    private const string IdsSql = """
        select case when s.schemaname = 'public' then '' else quote_ident(s.schemaname) || '.' end || quote_ident(s.sequencename), s.last_value,
            least(s.max_value, coalesce((
                select min(case t.typname when 'int2' then 32767 when 'int4' then 2147483647 end)::bigint
                from pg_catalog.pg_depend d
                join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                join pg_catalog.pg_type t on t.oid = a.atttypid
                where d.objid = (quote_ident(s.schemaname) || '.' || quote_ident(s.sequencename))::regclass and d.deptype in ('a', 'i')
                    and d.refclassid = 'pg_class'::regclass), s.max_value))
        from pg_catalog.pg_sequences s
        where s.last_value is not null and not s.cycle and s.increment_by > 0
        order by s.last_value::float8 / least(s.max_value, 9223372036854775807) desc
        limit 100
        """;

    public static async Task<DatabaseUse> ReadAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        long? bytes = await connection.TryAsync<long?>("size", async () =>
            await connection.SingleAsync(SizeSql, static row => row.GetInt64(0), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        long? checkpoints = await connection.TryAsync<long?>("checkpoints", async () => await connection.SingleAsync(
            connection.Version.Major >= 17 ? CheckpointsSql : CheckpointsBefore17Sql, static row => row.GetInt64(0), cancellationToken)
            .ConfigureAwait(false)).ConfigureAwait(false);
        return await connection.SingleAsync(DatabaseSql, row => new DatabaseUse(
            new DatabaseCounter(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), checkpoints),
            bytes, row.GetInt64(6), row.GetInt64(7), row.GetBoolean(8), row.GetInt64(9),
            row.IsDBNull(10) ? null : row.GetFieldValue<DateTime>(10)), cancellationToken).ConfigureAwait(false);
    }

    public static Task<IReadOnlyList<IdUse>> IdsAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(IdsSql, static row => new IdUse(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);
}
