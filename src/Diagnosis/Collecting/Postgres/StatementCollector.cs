using Npgsql;

namespace TByte.Functions.Diagnosis;

/// <summary>Reads <c>pg_stat_statements</c>: counters of all statements, texts of those that matter.</summary>
internal static class StatementCollector
{
    private const string Subject = "statements";
    private const int Texts = 40;
    private const int LongestText = 20_000;

    private const string FindSql = """
        select quote_ident(n.nspname), current_setting('pg_stat_statements.track', true)
        from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_stat_statements'
        """;

    /// <summary>Counters by statement; null when they cannot be seen, which is noted.</summary>
    public static async Task<IReadOnlyDictionary<long, StatementCounter>?> CountAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        if (await SchemaAsync(connection, cancellationToken).ConfigureAwait(false) is not { } schema)
            return null;

        string counters = $"""
            select queryid, sum(calls)::bigint, sum(total_exec_time), sum(rows)::bigint, sum(shared_blks_read)::bigint, sum(temp_blks_written)::bigint
            from {schema}.pg_stat_statements(false)
            where dbid = (select oid from pg_catalog.pg_database where datname = current_database())
            group by queryid
            """;
        IReadOnlyList<(long? Id, StatementCounter Counter)> rows = await connection.QueryAsync(counters, ReadCounter, cancellationToken).ConfigureAwait(false);
        if (rows.Any(static row => row.Id is null))
            connection.Missed(Subject, "those of other roles are hidden from this one", connection.MonitorGrant);
        return rows.Where(static row => row.Id is not null).ToDictionary(static row => row.Id!.Value, static row => row.Counter);
    }

    /// <summary>The statements of the window that took the most time, without our own.</summary>
    public static async Task<IReadOnlyList<StatementUse>> DescribeAsync(
        ServerConnection connection, IReadOnlyDictionary<long, StatementCounter> now, ServerCounters? before, CancellationToken cancellationToken)
    {
        if (await SchemaAsync(connection, cancellationToken).ConfigureAwait(false) is not { } schema)
            return [];

        List<(long Id, StatementCounter Use, StatementCounter? Before)> used =
        [
            .. now.Select(statement => (statement.Key, Earlier: before?.Statements?.GetValueOrDefault(statement.Key), statement.Value))
                .Select(static entry => (entry.Key, entry.Value.Since(entry.Earlier), entry.Earlier))
                .Where(static entry => entry.Item2.Calls > 0)
                .OrderByDescending(static entry => entry.Item2.TotalMs),
        ];
        double total = used.Sum(static entry => entry.Use.TotalMs);
        // Utility statements are kept with their values: one that sets a password must not get into a report. Texts are searched only of
        // those asked for, which AND does not promise: a server may keep thousands of long ones.
        string texts = $"""
            select queryid, min(left(query, {LongestText})) from {schema}.pg_stat_statements(true)
            where case when queryid = any($1) then query !~* 'password' and query !~* 'tbyte[-_](diagnosis|advice|index)' end group by queryid
            """;
        Dictionary<long, string> text = (await connection.QueryAsync(
                texts, static row => (Id: row.GetInt64(0), Text: row.GetString(1)), cancellationToken, used.Take(Texts).Select(static entry => entry.Id).ToArray())
            .ConfigureAwait(false)).ToDictionary(static row => row.Id, static row => row.Text);
        return
        [
            .. used.Where(entry => text.ContainsKey(entry.Id)).Select(entry => new StatementUse(
                entry.Id, text[entry.Id], entry.Use, total > 0 ? entry.Use.TotalMs / total : 0,
                entry.Before is { Calls: > 0 } earlier ? earlier.TotalMs / earlier.Calls : null)),
        ];
    }

    private static async Task<string?> SchemaAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Schema, string? Track)> found = await connection.QueryAsync(
            FindSql, static row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), cancellationToken).ConfigureAwait(false);
        if (found.Count == 0)
        {
            Missed(connection, "pg_stat_statements is not installed in this database", "create extension pg_stat_statements");
            return null;
        }

        if (found[0].Track is null or "none")
        {
            Missed(connection, found[0].Track is null
                ? "shared_preload_libraries does not name pg_stat_statements"
                : "pg_stat_statements.track is none, so that nothing is counted; set it to top");
            return null;
        }

        return found[0].Schema;
    }

    private static void Missed(ServerConnection connection, string reason, string? grant = null)
    {
        if (!connection.NotSeen.Any(static missed => missed.Subject.StartsWith(Subject, StringComparison.Ordinal)))
            connection.Missed(Subject, reason, grant);
    }

    private static (long? Id, StatementCounter Counter) ReadCounter(NpgsqlDataReader row) => (
        row.IsDBNull(0) ? null : row.GetInt64(0),
        new StatementCounter(row.GetInt64(1), row.GetDouble(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)));
}
