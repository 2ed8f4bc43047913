using Npgsql;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>What the API asks its database and its cache, in its own words.</summary>
internal static class Readers
{
    private static readonly (string Sql, Func<int, object[]> Values)[] Queries =
    [
        ("select id, sku, name, description, price, category_id, available, version, updated_at from products where id = $1", i => [(long)(1 + i * 7919L % 10_000)]),
        ("""
            select id, user_id, status, total_amount, created_at from orders
            where user_id = $1
            order by created_at desc, id desc limit $2
            """, i => [(long)(1 + i * 7919L % 20_000), 21]),
        ("select id, email, name, created_at from users where email = $1 and active", i => [$"user{1 + i % 20_000}@example.com"]),
        ("""
            select id, sku, name, description, price, category_id, available, version, updated_at from products
            where available and category_id = $1 and price >= $2
            order by price, id limit $3
            """, i => [(long)(1 + i % 20), (decimal)(i % 50), 21]),
        ("""
            select o.id, o.user_id, o.status, o.total_amount, o.created_at, o.version, i.line, i.product_id, i.quantity, i.unit_price
            from orders o left join order_items i on i.order_id = o.id
            where o.id = $1
            order by i.line
            """, i => [(long)(1 + i * 7919L % 120_000)]),
    ];

    /// <summary>Reads from both servers and the cache until the scenario ends.</summary>
    public static void Begin(Scenario scenario)
    {
        foreach (string server in (string[])[scenario.Primary, scenario.Replica])
            scenario.Repeat(i => QueryAsync(server, i), pauseMs: 2);
        if (scenario.HasHealthyReaders)
            scenario.Repeat(i => ReadThroughAsync(scenario, $"tb:{{product:{i * 31 % 50}}}", TimeSpan.FromHours(1)));
    }

    /// <summary>Reads a key, and writes it when it is not there.</summary>
    public static async Task ReadThroughAsync(Scenario scenario, string key, TimeSpan life)
    {
        if (!(await scenario.Redis.StringGetAsync(key)).HasValue)
            await scenario.Redis.StringSetAsync(key, new string('x', 500), life);
    }

    private static async Task QueryAsync(string server, int i)
    {
        (string sql, Func<int, object[]> values) = Queries[i % Queries.Length];
        await using NpgsqlConnection connection = new(server + ";Maximum Pool Size=2;Timeout=3;Application Name=shop");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        foreach (object value in values(i))
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
