using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Reads what the server knows about tables.</summary>
internal sealed class TableFactsReader(NpgsqlConnection connection)
{
    // Statistics are as of now, so that a server that was never told to reset them counts from its start: that makes writes more, not less.
    private const string TablesSql = """
        select /* tbyte-diagnosis */ c.oid, n.nspname, c.relname,
            case when n.nspname = 'public' then quote_ident(c.relname) else format('%I.%I', n.nspname, c.relname) end,
            case
                when n.nspname in ('pg_catalog', 'information_schema', 'pg_toast') or c.relkind <> 'r' or c.relpersistence = 't' then 'Other'
                when c.relispartition then 'Partition'
                else 'Ordinary'
            end,
            case when c.reltuples < 0 then coalesce(s.n_live_tup, 0) else c.reltuples end::float8,
            c.relpages::float8,
            least(1, c.relallvisible / greatest(c.relpages, 1)::float8),
            coalesce(s.n_tup_ins / since.seconds, 0),
            coalesce(s.n_tup_upd / since.seconds, 0),
            coalesce(s.n_tup_del / since.seconds, 0),
            coalesce(s.n_tup_hot_upd / nullif(s.n_tup_upd, 0)::float8, 1)
        from unnest($1::text[], $2::text[]) as asked (schema, name)
        join pg_namespace n on n.nspname = asked.schema
        join pg_class c on c.relnamespace = n.oid and c.relname = asked.name
        left join pg_stat_all_tables s on s.relid = c.oid
        cross join lateral (
            select greatest(1, extract(epoch from clock_timestamp() - coalesce(d.stats_reset, pg_postmaster_start_time())))::float8 as seconds
            from pg_stat_database d where d.datname = current_database()
        ) as since
        """;

    // The view pg_stats asks for the right to every column of every table, unless it is asked about one column at a time.
    private const string ColumnsSql = """
        select /* tbyte-diagnosis */ a.attrelid, a.attname, quote_ident(a.attname), a.attnum::int, t.typname,
            t.typtype = 'e' or exists (
                select from pg_opclass o join pg_am m on m.oid = o.opcmethod
                where m.amname = 'btree' and o.opcdefault and (
                    o.opcintype = base.oid
                    or exists (select from pg_cast k where k.castsource = base.oid and k.casttarget = o.opcintype and k.castmethod = 'b'))),
            coalesce(s.avg_width, nullif(greatest(a.attlen, 0), 0), 32)::float8,
            coalesce(s.null_frac, 0)::float8,
            s.n_distinct::float8,
            coalesce(s.correlation, 0)::float8,
            case when t.typname = 'bool' and s.most_common_vals is not null then coalesce((
                select frequency from unnest(s.most_common_vals::text::text[], s.most_common_freqs) as common (value, frequency)
                where value = 't'), 0) end::float8
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_type t on t.oid = a.atttypid
        cross join lateral (select coalesce(nullif(t.typbasetype, 0), t.oid) as oid) as base
        left join lateral (
            select * from pg_stats one where one.schemaname = n.nspname and one.tablename = c.relname and one.attname = a.attname and not one.inherited
            offset 0
        ) as s on true
        where a.attrelid = any($1) and a.attnum > 0 and not a.attisdropped
        """;

    private const string FunctionsSql = """
        select /* tbyte-diagnosis */ proname from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and proname = any($1)
        group by proname having bool_and(provolatile = 'i' and prokind = 'f' and not proretset)
        """;

    /// <summary>Tables by schema and name.</summary>
    /// <exception cref="PostgresException">The catalog may not be read.</exception>
    public async Task<Dictionary<(string Schema, string Name), TableFacts>> ReadAsync(
        IReadOnlyCollection<(string Schema, string Name)> tables, CancellationToken cancellationToken)
    {
        List<(uint Id, TableFacts Table)> found = await ReadTablesAsync(tables, cancellationToken).ConfigureAwait(false);
        uint[] ids = [.. found.Select(table => table.Id)];
        ILookup<uint, ColumnFacts> columns = await ReadColumnsAsync(ids, cancellationToken).ConfigureAwait(false);
        ILookup<uint, ExistingIndex> indexes = await ExistingIndexes.ReadAsync(connection, ids, cancellationToken).ConfigureAwait(false);
        return found.ToDictionary(
            table => (table.Table.Schema, table.Table.Name),
            table => table.Table with
            {
                Columns = columns[table.Id].ToDictionary(column => column.Name),
                Indexes = [.. indexes[table.Id]],
            });
    }

    /// <summary>Those of the functions whose value depends on nothing but their arguments.</summary>
    public async Task<HashSet<string>> ImmutableAsync(IReadOnlyCollection<string> functions, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(FunctionsSql, connection) { Parameters = { new() { Value = functions.ToArray() } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> immutable = [];
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            immutable.Add(row.GetString(0));
        return immutable;
    }

    private async Task<List<(uint Id, TableFacts Table)>> ReadTablesAsync(
        IReadOnlyCollection<(string Schema, string Name)> tables, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(TablesSql, connection)
        {
            Parameters =
            {
                new() { Value = tables.Select(table => table.Schema).ToArray() },
                new() { Value = tables.Select(table => table.Name).ToArray() },
            },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<(uint, TableFacts)> found = [];
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add((row.GetFieldValue<uint>(0), new TableFacts(
                row.GetString(1), row.GetString(2), row.GetString(3), Enum.Parse<TableKind>(row.GetString(4)), row.GetDouble(5), row.GetDouble(6),
                row.GetDouble(7), row.GetDouble(8), row.GetDouble(9), row.GetDouble(10), row.GetDouble(11), new Dictionary<string, ColumnFacts>(), [])));
        }
        return found;
    }

    private async Task<ILookup<uint, ColumnFacts>> ReadColumnsAsync(uint[] tables, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(ColumnsSql, connection) { Parameters = { ExistingIndexes.Ids(tables) } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<(uint Table, ColumnFacts Column)> columns = [];
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            columns.Add((row.GetFieldValue<uint>(0), new ColumnFacts(
                row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetBoolean(5), row.GetDouble(6), row.GetDouble(7),
                row.IsDBNull(8) ? null : row.GetDouble(8), row.GetDouble(9), row.IsDBNull(10) ? null : row.GetDouble(10))));
        }
        return columns.ToLookup(column => column.Table, column => column.Column);
    }
}
