using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Throttling;

namespace TByte.Functions.Reports;

/// <summary>Reports on sales, worked out when they are asked for; each is a heavy query.</summary>
public sealed class SalesReports
{
    /// <summary>Days that a report covers at most.</summary>
    public const int MostDays = 366;

    private const string CategorySalesSql = """
        select c.id, c.name, count(distinct o.id), sum(i.quantity)::bigint, sum(i.quantity * i.unit_price) as revenue
        from orders o
        join order_items i on i.order_id = o.id
        join products p on p.id = i.product_id
        join categories c on c.id = p.category_id
        where o.created_at >= $1 and o.created_at < $2 and o.status <> 'cancelled'
        group by c.id, c.name
        order by revenue desc, c.id
        """;

    private readonly HeavyQueryGate _gate;

    internal SalesReports(HeavyQueryGate gate) => _gate = gate;

    /// <summary>Sales by category from the start of one day (UTC) to the start of another, at most <see cref="MostDays"/> later.</summary>
    /// <exception cref="HeavyQueryRejectedException">Enough reports are being worked on.</exception>
    /// <exception cref="DatabaseUnavailableException">The database does not answer, or not in time.</exception>
    public async Task<CategorySalesReport> CategorySalesAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        new(from, to, await _gate.RunAsync(HeavyQueryPriority.Interactive, (from, to), ReadCategorySalesAsync, cancellationToken));

    private static async Task<List<CategorySales>> ReadCategorySalesAsync(NpgsqlConnection connection, (DateOnly From, DateOnly To) days)
    {
        await using NpgsqlCommand command = new(CategorySalesSql, connection)
        {
            Parameters = { new() { Value = StartOf(days.From) }, new() { Value = StartOf(days.To) } },
        };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        List<CategorySales> sales = [];
        while (await row.ReadAsync())
            sales.Add(new CategorySales(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetDecimal(4)));
        return sales;
    }

    private static DateTime StartOf(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
