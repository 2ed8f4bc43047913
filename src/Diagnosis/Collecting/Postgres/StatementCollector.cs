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

    /// <summary>The statements of the window, without our own: those that took the most time, and what all of them took.</summary>
    public static async Task<StatementUses?> DescribeAsync(
        ServerConnection connection, IReadOnlyDictionary<long, StatementCounter> now, ServerCounters? before, CancellationToken cancellationToken)
    {
        if (await SchemaAsync(connection, cancellationToken).ConfigureAwait(false) is not { } schema)
            return null;

        (long Id, StatementCounter Use, StatementCounter? Before)[] used =
        [
            .. now.Select(statement => (statement.Key, Earlier: before?.Statements?.GetValueOrDefault(statement.Key), statement.Value))
                .Select(static entry => (Id: entry.Key, Use: entry.Value.Since(entry.Earlier), Before: entry.Earlier))
                .Where(static entry => entry.Use.Calls > 0)
                .OrderByDescending(static entry => entry.Use.TotalMs),
        ];
        Dictionary<long, (string Text, bool IsOurs)> texts =
            await TextsAsync(connection, schema, [.. used.Take(Texts).Select(static entry => entry.Id)], cancellationToken).ConfigureAwait(false);
        (long Id, StatementCounter Use, StatementCounter? Before)[] workload =
            [.. used.Where(entry => !(texts.TryGetValue(entry.Id, out (string, bool IsOurs) text) && text.IsOurs))];
        double total = workload.Sum(static entry => entry.Use.TotalMs);
        return new StatementUses(
            [
                .. workload.Where(entry => texts.ContainsKey(entry.Id)).Select(entry => new StatementUse(
                    entry.Id, texts[entry.Id].Text, entry.Use, total > 0 ? entry.Use.TotalMs / total : 0,
                    entry.Before is { Calls: > 0 } earlier ? earlier.TotalMs / earlier.Calls : null)),
            ],
            workload.Sum(static entry => entry.Use.Calls),
            total);
    }

    private static async Task<Dictionary<long, (string Text, bool IsOurs)>> TextsAsync(
        ServerConnection connection, string schema, long[] ids, CancellationToken cancellationToken)
    {
        // Utility statements are kept with their values: one that sets a password must not get into a report. Texts are searched only of
        // those asked for, which AND does not promise: a server may keep thousands of long ones.
        string sql = $"""
            select queryid, min(left(query, {LongestText})), bool_or(query ~* 'tbyte[-_](diagnosis|advice|index)')
            from {schema}.pg_stat_statements(true) where case when queryid = any($1) then query !~* 'password' end group by queryid
            """;
        IReadOnlyList<(long Id, string Text, bool IsOurs)> rows = await connection.QueryAsync(
            sql, static row => (row.GetInt64(0), row.GetString(1), row.GetBoolean(2)), cancellationToken, ids).ConfigureAwait(false);
        return rows.ToDictionary(static row => row.Id, static row => (row.Text, row.IsOurs));
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

/// <summary>What statements did in the window.</summary>
/// <param name="Top">Those that took the most time.</param>
/// <param name="Calls">Of all.</param>
/// <param name="TotalMs">Of all.</param>
internal sealed record StatementUses(IReadOnlyList<StatementUse> Top, long Calls, double TotalMs);
