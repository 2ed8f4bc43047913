using Npgsql;
using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Orders;

/// <summary>The SQL of orders.</summary>
internal sealed class OrderStore(ShopDatabase database)
{
    // One statement, so that the order and its items are of one moment.
    private const string FindSql = """
        select o.id, o.user_id, o.status, o.total_amount, o.created_at, o.version, i.line, i.product_id, i.quantity, i.unit_price
        from orders o left join order_items i on i.order_id = o.id
        where o.id = $1
        order by i.line
        """;

    private const string FirstPageSql = """
        select id, user_id, status, total_amount, created_at from orders
        where user_id = $1
        order by created_at desc, id desc limit $2
        """;

    private const string NextPageSql = """
        select id, user_id, status, total_amount, created_at from orders
        where user_id = $1 and (created_at, id) < ($3, $4)
        order by created_at desc, id desc limit $2
        """;

    private const string FirstPagesSql = """
        select o.id, o.user_id, o.status, o.total_amount, o.created_at
        from unnest($1::bigint[]) as u (id)
        cross join lateral (
            select id, user_id, status, total_amount, created_at from orders
            where user_id = u.id
            order by created_at desc, id desc limit $2
        ) as o
        order by o.user_id, o.created_at desc, o.id desc
        """;

    private const string RecentUsersSql = """
        select user_id from orders
        where created_at > now() - $1 and user_id is not null
        group by user_id order by max(created_at) desc, user_id limit $2
        """;

    private const string UserExistsSql = "select exists (select from users where id = $1)";

    /// <summary>An order and its row version, as they are on a server that has got to a position; null when there is none.</summary>
    public Task<(Order Order, long Version)?> FindAsync(long id, NpgsqlLogSequenceNumber atLeast = default) =>
        database.ReadAsync(atLeast, id, static async (connection, id) =>
        {
            await using NpgsqlCommand command = new(FindSql, connection) { Parameters = { new() { Value = id } } };
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            if (!await row.ReadAsync())
                return default((Order, long)?);

            List<OrderItem> items = [];
            Order order = new(
                row.GetInt64(0),
                await row.IsDBNullAsync(1) ? null : row.GetInt64(1),
                row.GetString(2),
                row.GetDecimal(3),
                row.GetFieldValue<DateTimeOffset>(4),
                items);
            long version = row.GetInt64(5);
            if (await row.IsDBNullAsync(6))
                return (order, version);

            do
                items.Add(new OrderItem(row.GetInt32(6), row.GetInt64(7), row.GetInt32(8), row.GetDecimal(9)));
            while (await row.ReadAsync());
            return (order, version);
        }, CancellationToken.None);

    /// <summary>The orders of a page and one more, if there is one; null when there is no such user.</summary>
    public Task<List<OrderSummary>?> FindPageAsync(long user, OrderPageQuery query) =>
        database.ReadAsync((user, query), static async (connection, page) =>
        {
            List<OrderSummary> orders = [];
            await using (NpgsqlCommand command = PageCommand(connection, page.user, page.query))
            {
                await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
                while (await row.ReadAsync())
                    orders.Add(ReadSummary(row));
            }

            if (orders.Count > 0)
                return orders;

            await using NpgsqlCommand exists = new(UserExistsSql, connection) { Parameters = { new() { Value = page.user } } };
            return (bool)(await exists.ExecuteScalarAsync())! ? orders : null;
        }, CancellationToken.None);

    /// <summary>The same for the first pages of many users; a user without orders is left out.</summary>
    public Task<ILookup<long, OrderSummary>> FindFirstPagesAsync(long[] users, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync((users, limit), static async (connection, page) =>
        {
            await using NpgsqlCommand command = new(FirstPagesSql, connection)
            {
                Parameters = { new() { Value = page.users }, new() { Value = page.limit + 1 } },
            };
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            List<OrderSummary> orders = [];
            while (await row.ReadAsync())
                orders.Add(ReadSummary(row));
            return orders.ToLookup(static order => order.UserId);
        }, cancellationToken);

    /// <summary>Who has ordered of late, the last one first.</summary>
    public Task<IReadOnlyList<long>> FindRecentUsersAsync(TimeSpan within, int most, CancellationToken cancellationToken) =>
        database.ReadAsync((within, most), static async (connection, call) =>
        {
            await using NpgsqlCommand command = new(RecentUsersSql, connection)
            {
                Parameters = { new() { Value = call.within }, new() { Value = call.most } },
            };
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            List<long> users = [];
            while (await row.ReadAsync())
                users.Add(row.GetInt64(0));
            return (IReadOnlyList<long>)users;
        }, cancellationToken);

    private static OrderSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetDecimal(3), row.GetFieldValue<DateTimeOffset>(4));

    private static NpgsqlCommand PageCommand(NpgsqlConnection connection, long user, OrderPageQuery query)
    {
        NpgsqlCommand command = new(FirstPageSql, connection) { Parameters = { new() { Value = user }, new() { Value = query.Limit + 1 } } };
        if (query.After is { } after)
        {
            command.CommandText = NextPageSql;
            command.Parameters.Add(new() { Value = after.CreatedAt });
            command.Parameters.Add(new() { Value = after.Id });
        }

        return command;
    }
}
