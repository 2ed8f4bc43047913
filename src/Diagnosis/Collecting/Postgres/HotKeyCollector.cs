namespace TByte.Functions.Diagnosis;

/// <summary>Reads which product is viewed most, where the shop counts views.</summary>
internal static class HotKeyCollector
{
    private const string ExistsSql = "select pg_catalog.to_regclass('product_view_hours') is not null";

    private const string Sql = """
        select product_id, views::bigint, total::bigint
        from (select product_id, sum(views) as views, sum(sum(views)) over () as total
            from product_view_hours where hour >= date_trunc('hour', now()) - interval '1 hour' group by product_id) h
        order by views desc limit 1
        """;

    public static async Task<HotKey?> ReadAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        if (!await connection.SingleAsync(ExistsSql, static row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false))
            return null;

        IReadOnlyList<HotKey> hottest = await connection.QueryAsync(
            Sql, static row => new HotKey($"product {row.GetInt64(0)}", row.GetInt64(1), (double)row.GetInt64(1) / row.GetInt64(2)), cancellationToken)
            .ConfigureAwait(false);
        return hottest.Count > 0 ? hottest[0] : null;
    }
}
