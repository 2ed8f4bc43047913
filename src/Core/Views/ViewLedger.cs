using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Views;

/// <summary>
/// The views in the database: the sum of each product, its views by the hour, and its popularity. How far each sender is counted is
/// written in the same transaction, so that a batch counts once, whatever becomes of the queue or of an answer.
/// </summary>
internal sealed class ViewLedger(ShopDatabase database, ViewOptions options)
{
    /// <summary>For how long it is known what was counted; a batch must not come later.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    // The number is arbitrary; it must only be the same in every release.
    private const string LockSql = "select pg_try_advisory_xact_lock(4242020401)";

    private const string CountedSql = "select sender, last_sequence from view_batches where sender = any($1)";

    private const string RecordSql = """
        insert into view_batches (sender, last_sequence, counted_at)
        select sender, last_sequence, $3 from unnest($1::text[], $2::bigint[]) as b (sender, last_sequence)
        on conflict (sender) do update set last_sequence = excluded.last_sequence, counted_at = excluded.counted_at
        """;

    private const string CountSql = """
        update products set view_count = view_count + v.views
        from unnest($1::bigint[], $2::bigint[]) as v (id, views) where products.id = v.id
        """;

    // A product that is gone must not keep the others from being counted.
    private const string HoursSql = """
        insert into product_view_hours as h (hour, product_id, views)
        select v.hour, p.id, v.views
        from unnest($1::timestamptz[], $2::bigint[], $3::bigint[]) as v (hour, product_id, views)
        join products p on p.id = v.product_id
        on conflict (hour, product_id) do update set views = h.views + excluded.views
        """;

    // After 60 half-lives nothing is left; PostgreSQL takes it for an error to work out how little.
    private const string PopularitySql = """
        insert into product_popularity as p (product_id, recent_views, as_of)
        select products.id, v.views, $3
        from unnest($1::bigint[], $2::double precision[]) as v (product_id, views) join products on products.id = v.product_id
        on conflict (product_id) do update set
            recent_views =
                p.recent_views * power(0.5::double precision, least(60, greatest(0, extract(epoch from excluded.as_of - p.as_of)) / $4)::double precision)
                + excluded.recent_views * power(0.5::double precision, least(60, greatest(0, extract(epoch from p.as_of - excluded.as_of)) / $4)::double precision),
            as_of = greatest(p.as_of, excluded.as_of)
        """;

    private const string PruneHoursSql = "delete from product_view_hours where hour < $1";

    private const string PruneBatchesSql = "delete from view_batches where counted_at < $1";

    /// <summary>Counts batches, all or none of them.</summary>
    /// <param name="batches">In the order in which they were sent.</param>
    /// <param name="now">The time by the clock that the batches' hours are of.</param>
    /// <returns>How many views were counted, which is none for batches that were counted before; null when another is at it.</returns>
    /// <exception cref="DatabaseUnavailableException">Whether they are counted is not known; to try again is safe.</exception>
    public Task<long?> CountAsync(IReadOnlyList<ViewBatch> batches, DateTimeOffset now) =>
        database.WriteAsync((batches, now, options), static async (connection, call) =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (NpgsqlCommand take = new(LockSql, connection))
            {
                if (!(bool)(await take.ExecuteScalarAsync())!)
                    return default(long?);
            }

            Dictionary<string, long> counted = await CountedAsync(connection, call.batches);
            ViewTally tally = ViewTally.Of(call.batches, counted, HourOf(call.now));
            if (tally.LastSequences.Count > 0)
            {
                await using NpgsqlBatch changes = Changes(tally, call.now, call.options);
                changes.Connection = connection;
                await changes.ExecuteNonQueryAsync();
            }

            await transaction.CommitAsync();
            return tally.Views;
        }, CancellationToken.None);

    /// <summary>Hours since the Unix epoch.</summary>
    public static long HourOf(DateTimeOffset time) => (long)Math.Floor((time - DateTimeOffset.UnixEpoch).TotalHours);

    private static async Task<Dictionary<string, long>> CountedAsync(NpgsqlConnection connection, IReadOnlyList<ViewBatch> batches)
    {
        string[] senders = [.. batches.Select(static batch => batch.Sender).Distinct()];
        await using NpgsqlCommand command = new(CountedSql, connection) { Parameters = { new() { Value = senders } } };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        Dictionary<string, long> counted = [];
        while (await row.ReadAsync())
            counted.Add(row.GetString(0), row.GetInt64(1));
        return counted;
    }

    private static NpgsqlBatch Changes(ViewTally tally, DateTimeOffset now, ViewOptions options) => new()
    {
        BatchCommands =
        {
            Command(RecordSql, tally.LastSequences.Keys.ToArray(), tally.LastSequences.Values.ToArray(), now.UtcDateTime),
            Command(CountSql, tally.OfProducts.Keys.ToArray(), tally.OfProducts.Values.ToArray()),
            Command(
                HoursSql,
                tally.OfHours.Keys.Select(static of => StartOf(of.Hour)).ToArray(),
                tally.OfHours.Keys.Select(static of => of.Product).ToArray(),
                tally.OfHours.Values.ToArray()),
            Popularity(tally, options.HalfLife),
            Command(PruneHoursSql, (now - options.HistoryLife).UtcDateTime),
            Command(PruneBatchesSql, (now - Memory).UtcDateTime),
        },
    };

    private static NpgsqlBatchCommand Popularity(ViewTally tally, TimeSpan halfLife)
    {
        Dictionary<long, double> decayed = tally.Decayed(halfLife);
        return Command(PopularitySql, decayed.Keys.ToArray(), decayed.Values.ToArray(), StartOf(tally.NewestHour), halfLife.TotalSeconds);
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (object value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    private static DateTime StartOf(long hour) => DateTime.UnixEpoch.AddHours(hour);
}
