using Npgsql;
using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Caching;

/// <summary>A place in the log.</summary>
internal readonly record struct LogPosition(long TransactionId, long Row)
{
    /// <summary>Before everything that this transaction and later ones wrote.</summary>
    public static LogPosition From(long transactionId) => new(transactionId, 0);
}

/// <summary>A page of the log.</summary>
/// <param name="Invalidations">What was committed, in the order of transactions; possibly seen before.</param>
/// <param name="Last">The place of the last one; null on the last page.</param>
/// <param name="OldestOpen">The oldest transaction whose writes this page may have missed, because it was still open.</param>
internal sealed record LogPage(IReadOnlyList<Invalidation> Invalidations, LogPosition? Last, long OldestOpen);

/// <summary>
/// The table <c>cache_invalidations</c>, which every write adds to in its own transaction. Read by transaction id, not by row
/// id: ids are taken in another order than transactions commit, and a reader that went by them would miss the late ones.
/// </summary>
internal sealed class InvalidationLog(ShopDatabase database)
{
    private const int PageSize = 5_000;

    // The log's end is looked at after the snapshot was taken, so that what the page holds lies before it.
    // A position that this server has not reached comes from before it was restored: then everything counts as new.
    private const string ReadSql = """
        select pg_snapshot_xmin(snapshot)::text::bigint, position, w.transaction_id::text::bigint, w.id, w.key, w.version
        from (select pg_current_snapshot() as snapshot, pg_current_wal_lsn() as position) s
        left join lateral (
            select transaction_id, id, key, version from cache_invalidations
            where (transaction_id, id) > ((case when $1 > pg_snapshot_xmax(snapshot)::text::bigint then 0 else $1 end)::text::xid8, $2)
            order by transaction_id, id
            limit $3
        ) w on true
        order by w.transaction_id, w.id
        """;

    private const string PruneSql = "delete from cache_invalidations where created_at < now() - $1";

    /// <summary>Reads what comes after a place, on the primary: a replica does not know yet what this is to make up for.</summary>
    public Task<LogPage> ReadAsync(LogPosition after, CancellationToken cancellationToken) =>
        database.ReadPrimaryAsync(after, static async (connection, position) =>
        {
            await using NpgsqlCommand command = new(ReadSql, connection)
            {
                Parameters = { new() { Value = position.TransactionId }, new() { Value = position.Row }, new() { Value = PageSize } },
            };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            List<Invalidation> invalidations = [];
            LogPosition last = position;
            long oldestOpen = 0;
            while (await reader.ReadAsync())
            {
                oldestOpen = reader.GetInt64(0);
                if (await reader.IsDBNullAsync(2))
                    break;
                last = new LogPosition(reader.GetInt64(2), reader.GetInt64(3));
                invalidations.Add(new Invalidation(
                    reader.GetString(4), reader.GetInt64(5), await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(1)));
            }

            return new LogPage(invalidations, invalidations.Count == PageSize ? last : null, oldestOpen);
        }, cancellationToken);

    /// <summary>Deletes what no cache entry can be older than any more.</summary>
    public Task<int> PruneAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(CacheOptions.InvalidationRetention, static async (connection, retention) =>
        {
            await using NpgsqlCommand command = new(PruneSql, connection) { Parameters = { new() { Value = retention } } };
            return await command.ExecuteNonQueryAsync();
        }, cancellationToken);
}
