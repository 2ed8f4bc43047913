using Npgsql;
using NpgsqlTypes;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Reads which indexes tables have.</summary>
internal static class ExistingIndexes
{
    // In indoption, 1 is DESC and 2 is NULLS FIRST.
    private const string Sql = """
        select /* tbyte-diagnosis */ i.indrelid, quote_ident(c.relname),
            m.amname = 'btree' and i.indisvalid and i.indisready and i.indislive and not exists (
                select from generate_series(0, i.indnkeyatts - 1) as k
                join pg_opclass o on o.oid = i.indclass[k]
                left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[k] and a.attnum > 0
                where not o.opcdefault or i.indcollation[k] <> a.attcollation),
            i.indisunique or i.indisprimary or i.indisexclusion or i.indisreplident or i.indisclustered
                or exists (select from pg_constraint where conindid = i.indexrelid),
            i.indnkeyatts::int,
            array(select pg_get_indexdef(i.indexrelid, k, false) from generate_series(1, i.indnatts) as k order by k),
            array(select i.indoption[k]::int from generate_series(0, i.indnkeyatts - 1) as k order by k),
            pg_get_expr(i.indpred, i.indrelid)
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
        where i.indrelid = any($1)
        """;

    public static async Task<ILookup<uint, ExistingIndex>> ReadAsync(NpgsqlConnection connection, uint[] tables, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(Sql, connection) { Parameters = { Ids(tables) } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<(uint Table, ExistingIndex Index)> indexes = [];
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            int keys = row.GetInt32(4);
            string[] columns = row.GetFieldValue<string[]>(5);
            int[] options = row.GetFieldValue<int[]>(6);
            indexes.Add((row.GetFieldValue<uint>(0), new ExistingIndex(
                row.GetString(1),
                row.GetBoolean(2),
                row.GetBoolean(3),
                [.. columns.Take(keys).Select((column, i) => new IndexKey(column, (options[i] & 1) != 0, (options[i] & 2) != 0))],
                [.. columns.Skip(keys)],
                row.IsDBNull(7) ? null : row.GetString(7))));
        }
        return indexes.ToLookup(index => index.Table, index => index.Index);
    }

    /// <summary>Ids of tables as a parameter.</summary>
    public static NpgsqlParameter Ids(uint[] tables) => new() { Value = tables, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Oid };
}
