namespace TByte.Functions.Diagnosis;

/// <summary>Reads who is connected, what is open for long and who waits for whom.</summary>
internal static class SessionCollector
{
    private const string CountsSql = """
        select count(*)::int, (count(*) filter (where state = 'active'))::int, (count(*) filter (where state = 'idle'))::int,
            (count(*) filter (where state like 'idle in transaction%'))::int,
            (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0))::int,
            coalesce((mode() within group (order by application_name)), ''),
            (select coalesce(max(n), 0)::int from (select count(*) as n from pg_catalog.pg_stat_activity
                where backend_type = 'client backend' and pid <> pg_backend_pid() group by application_name) c)
        from pg_catalog.pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()
        """;

    // These have their values: one that sets a password must not get into a report.
    private const string Shown = "case when query ~* 'password' then '(not shown)' else left(coalesce(query, ''), 2000) end";

    private const string TransactionsSql = $"""
        select pid, coalesce(application_name, ''), coalesce(state, 'unknown'), extract(epoch from clock_timestamp() - xact_start)::float8, {Shown}
        from pg_catalog.pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start < clock_timestamp() - interval '10 seconds'
        union all
        select null, gid, 'prepared', extract(epoch from clock_timestamp() - prepared)::float8, ''
        from pg_catalog.pg_prepared_xacts where prepared < clock_timestamp() - interval '10 seconds'
        order by 4 desc
        limit 50
        """;

    private const string WaitsSql = $"""
        select a.pid, extract(epoch from clock_timestamp() - a.query_start)::float8,
            coalesce((select coalesce(case when n.nspname = 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(c.relname), l.locktype)
                from pg_catalog.pg_locks l
                left join pg_catalog.pg_locks h on l.locktype in ('transactionid', 'tuple') and h.pid = a.pid and h.granted and h.locktype in ('relation', 'tuple')
                    and h.mode in ('RowShareLock', 'RowExclusiveLock', 'AccessExclusiveLock', 'ExclusiveLock')
                left join pg_catalog.pg_class c on c.oid = coalesce(l.relation, h.relation) and c.relkind in ('r', 'p')
                left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                where l.pid = a.pid and not l.granted order by c.relname nulls last limit 1), 'a lock'),
            {Shown}, pg_catalog.pg_blocking_pids(a.pid)
        from pg_catalog.pg_stat_activity a
        where a.wait_event_type = 'Lock' and a.pid <> pg_backend_pid()
        order by 2 desc
        limit 100
        """;

    private const string BlockersSql = $"""
        select pid, coalesce(application_name, ''), coalesce(state, 'unknown'),
            coalesce(extract(epoch from clock_timestamp() - xact_start), 0)::float8, {Shown}
        from pg_catalog.pg_stat_activity where pid = any($1)
        """;

    public static Task<SessionCounts> CountAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync(CountsSql, static row => new SessionCounts(
            row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetString(5), row.GetInt32(6)), cancellationToken);

    public static Task<IReadOnlyList<OpenTransaction>> TransactionsAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(TransactionsSql, static row => new OpenTransaction(
            row.IsDBNull(0) ? null : row.GetInt32(0), row.GetString(1), row.GetString(2), TimeSpan.FromSeconds(row.GetDouble(3)), row.GetString(4)),
            cancellationToken);

    public static Task<IReadOnlyList<LockWait>> WaitsAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(WaitsSql, static row => new LockWait(
            row.GetInt32(0), TimeSpan.FromSeconds(row.GetDouble(1)), row.GetString(2), row.GetString(3), row.GetFieldValue<int[]>(4)),
            cancellationToken);

    /// <summary>Those at the head of the queues.</summary>
    public static async Task<IReadOnlyList<LockBlocker>> BlockersAsync(
        ServerConnection connection, IReadOnlyList<LockWait> waits, CancellationToken cancellationToken)
    {
        HashSet<int> waiting = [.. waits.Select(static wait => wait.ProcessId)];
        int[] heads = [.. waits.SelectMany(static wait => wait.Blockers).Distinct().Where(blocker => !waiting.Contains(blocker))];
        return heads.Length == 0 ? [] : await connection.QueryAsync(BlockersSql, static row => new LockBlocker(
            row.GetInt32(0), row.GetString(1), row.GetString(2), TimeSpan.FromSeconds(row.GetDouble(3)), row.GetString(4)),
            cancellationToken, heads).ConfigureAwait(false);
    }
}
