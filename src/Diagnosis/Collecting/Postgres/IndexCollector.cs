using Npgsql;

namespace TByte.Functions.Diagnosis;

/// <summary>Reads the indexes and how they are used.</summary>
internal static class IndexCollector
{
    // Chosen first, so that what is worked out of each is not worked out of thousands more.
    // A B-tree entry has a head of 8 bytes and a pointer of 4; a page of 8,192 bytes is filled to 90 % when the index is made.
    private const string Sql = """
        select case when n.nspname = 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(ic.relname),
            case when n.nspname = 'public' then '' else quote_ident(n.nspname) || '.' end || quote_ident(tc.relname),
            pg_catalog.pg_get_indexdef(i.indexrelid), coalesce(s.idx_scan, 0),
            ic.relpages::bigint * current_setting('block_size')::bigint,
            case when am.amname = 'btree' and ic.reltuples > 0 then width.fresh end,
            i.indisunique,
            i.indisprimary or i.indisexclusion or i.indisreplident or ic.relispartition or ic.relkind = 'I'
                or exists (select from pg_catalog.pg_constraint x where x.conindid = i.indexrelid),
            i.indisvalid and i.indisready,
            exists (select from pg_catalog.pg_stat_progress_create_index b where b.index_relid = i.indexrelid),
            keys.keys, keys.included,
            am.amname || coalesce(' where ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid), '')
        from (
            select i.* from pg_catalog.pg_index i
            join pg_catalog.pg_class ic on ic.oid = i.indexrelid
            join pg_catalog.pg_class tc on tc.oid = i.indrelid
            join pg_catalog.pg_namespace n on n.oid = tc.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_' and tc.relpersistence <> 't'
            order by ic.relpages desc
            limit 2000) i
        join pg_catalog.pg_class ic on ic.oid = i.indexrelid
        join pg_catalog.pg_class tc on tc.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = tc.relnamespace
        join pg_catalog.pg_am am on am.oid = ic.relam
        left join pg_catalog.pg_stat_user_indexes s on s.indexrelid = i.indexrelid
        cross join lateral (
            select coalesce(array_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, true) || ' ' || (i.indclass::oid[])[k - 1] || ' '
                    || (i.indcollation::oid[])[k - 1] || ' ' || (i.indoption::int2[])[k - 1] order by k) filter (where k <= i.indnkeyatts), '{}') as keys,
                coalesce(array_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, true) order by k) filter (where k > i.indnkeyatts), '{}') as included
            from generate_series(1, i.indnatts) k) keys
        cross join lateral (
            select case when count(st.avg_width) = i.indnatts
                then (ic.reltuples * (12 + ceil(sum(st.avg_width) / 8.0) * 8) / 0.9 / (current_setting('block_size')::int - 40) + 2)::bigint
                    * current_setting('block_size')::bigint end as fresh
            from generate_series(1, i.indnatts) k
            left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = (i.indkey::int2[])[k - 1] and a.attnum > 0
            left join pg_catalog.pg_stats st on st.schemaname = n.nspname and st.tablename = tc.relname and st.attname = a.attname and not st.inherited) width
        order by ic.relpages desc
        """;

    public static Task<IReadOnlyList<IndexUse>> ReadAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(Sql, ReadIndex, cancellationToken);

    private static IndexUse ReadIndex(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Table = row.GetString(1),
        Definition = row.GetString(2),
        Scans = row.GetInt64(3),
        Bytes = row.GetInt64(4),
        FreshBytes = row.IsDBNull(5) ? null : row.GetInt64(5),
        IsUnique = row.GetBoolean(6),
        IsNeeded = row.GetBoolean(7),
        IsValid = row.GetBoolean(8),
        IsBuilding = row.GetBoolean(9),
        Keys = row.GetFieldValue<string[]>(10),
        Included = row.GetFieldValue<string[]>(11),
        Kind = row.GetString(12),
    };
}
