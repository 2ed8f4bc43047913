using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Views;

namespace TByte.Functions.Warming;

/// <summary>An hour of the past, and how much it says about one that is to come.</summary>
public readonly record struct WeightedHour(DateTimeOffset Start, double Weight);

/// <summary>Ranks products by how likely they are to be read.</summary>
public sealed class ProductRanking
{
    // What is popular now, by views that count half as much after each half-life; then, if that is not enough, what has ever been.
    // The sums are as of different moments, and their order is the same at any: half-lives are added to the logarithm of a sum
    // instead of being taken from it.
    private const string RecentSql = """
        with recent as (
            select product_id, ln(recent_views) + extract(epoch from as_of)::double precision / $2 * ln(2::double precision) as score
            from product_popularity order by score desc, product_id limit $1
        ), others as (
            select id, view_count from products
            where view_count > 0 and not exists (select from recent where recent.product_id = products.id)
            order by view_count desc, id limit greatest(0, $1 - (select count(*) from recent))
        )
        select product_id from (
            select product_id, 1 as part, score from recent
            union all
            select id, 2, view_count from others
        ) as ranked
        order by part, score desc, product_id
        """;

    private const string AllTimeSql = "select id from products where view_count > $2 order by view_count desc, id limit $1";

    // One busy day is no habit.
    private const string HoursSql = """
        select h.product_id
        from unnest($2::timestamptz[], $3::double precision[]) as past (hour, weight) join product_view_hours h using (hour)
        group by h.product_id having count(*) >= $4
        order by sum(h.views * past.weight) desc, h.product_id limit $1
        """;

    private readonly ShopDatabase _database;
    private readonly ViewOptions _options;

    internal ProductRanking(ShopDatabase database, ViewOptions options)
    {
        _database = database;
        _options = options;
    }

    /// <summary>The most viewed of late.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be read at the moment.</exception>
    public Task<IReadOnlyList<long>> RecentAsync(int most, CancellationToken cancellationToken) =>
        RankAsync(RecentSql, cancellationToken, most, _options.HalfLife.TotalSeconds);

    /// <summary>The most viewed ever, of those with more than so many views.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be read at the moment.</exception>
    public Task<IReadOnlyList<long>> AllTimeAsync(int most, long moreThan, CancellationToken cancellationToken) =>
        RankAsync(AllTimeSql, cancellationToken, most, moreThan);

    /// <summary>The most viewed in some hours of the past, of those viewed in at least so many of them.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be read at the moment.</exception>
    public Task<IReadOnlyList<long>> InHoursAsync(int most, IReadOnlyList<WeightedHour> hours, int leastHours, CancellationToken cancellationToken) =>
        RankAsync(
            HoursSql,
            cancellationToken,
            most,
            hours.Select(static hour => hour.Start.UtcDateTime).ToArray(),
            hours.Select(static hour => hour.Weight).ToArray(),
            leastHours);

    private Task<IReadOnlyList<long>> RankAsync(string sql, CancellationToken cancellationToken, params object[] values) =>
        _database.ReadAsync((sql, values), static async (connection, call) =>
        {
            await using NpgsqlCommand command = new(call.sql, connection);
            foreach (object value in call.values)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            List<long> ids = [];
            while (await row.ReadAsync())
                ids.Add(row.GetInt64(0));
            return (IReadOnlyList<long>)ids;
        }, cancellationToken);
}
