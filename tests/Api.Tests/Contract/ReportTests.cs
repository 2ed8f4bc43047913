using System.Globalization;
using System.Net;
using System.Text.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class ReportTests(Shop shop) : IClassFixture<Shop>
{
    private const string Path = "/api/v1/reports/category-sales";

    private static readonly string Reader = TestToken.WithRoles(TestToken.ReportsRead);

    // A year of the generated shop's two, a month, a day, a day without orders.
    public static TheoryData<string, string> Times { get; } = new()
    {
        { "2025-01-01", "2026-01-01" },
        { "2025-06-01", "2025-07-01" },
        { "2025-12-24", "2025-12-25" },
        { "2020-01-01", "2020-01-02" },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public async Task Totals_are_those_of_the_orders_one_by_one(string from, string to)
    {
        Answer answer = (await shop.Api.GetAsync($"{Path}?from={from}&to={to}", Reader)).Is(HttpStatusCode.OK);

        // Every line on its own, in another way than the report works it out.
        List<string> lines = await shop.QueryAsync<string>(
            $"""
            select concat_ws('|', c.id, c.name, i.order_id, i.quantity, i.quantity * i.unit_price)
            from categories c, products p, order_items i
            where p.category_id = c.id and i.product_id = p.id and i.order_id in (
              select id from orders where status in ('pending', 'paid', 'shipped', 'delivered')
              and (created_at at time zone 'UTC')::date between '{from}'::date and '{to}'::date - 1)
            """);
        string[] expected =
        [
            .. from line in lines
               let parts = line.Split('|')
               group parts by (Id: long.Parse(parts[0], CultureInfo.InvariantCulture), Name: parts[1]) into category
               let revenue = category.Sum(parts => decimal.Parse(parts[4], CultureInfo.InvariantCulture))
               orderby revenue descending, category.Key.Id
               select string.Create(
                   CultureInfo.InvariantCulture,
                   $"{category.Key.Id} {category.Key.Name} {category.DistinctBy(parts => parts[2]).Count()} {category.Sum(parts => long.Parse(parts[3], CultureInfo.InvariantCulture))} {revenue:0.00}"),
        ];

        Assert.Equal(["from", "to", "items"], answer.Fields());
        Assert.Equal((from, to), (answer.Json.GetProperty("from").GetString(), answer.Json.GetProperty("to").GetString()));
        Assert.Equal(expected, answer.Json.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("categoryId")} {item.GetProperty("category")} {item.GetProperty("orders")} {item.GetProperty("quantity")} {item.GetProperty("revenue").GetRawText()}"));
        Assert.Equal(from.StartsWith("2025", StringComparison.Ordinal), expected.Length > 0);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal(("private, no-cache", "Authorization"), (answer["Cache-Control"], answer["Vary"]));
        (await shop.Api.GetAsync($"{Path}?from={from}&to={to}", Reader, ("If-None-Match", answer.ETag!))).Is(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task From_is_inclusive_and_to_is_not_and_cancelled_orders_do_not_count()
    {
        await shop.QueryAsync<int>(
            """
            insert into categories (id, name) overriding system value values (9001, 'Edges');
            insert into products (id, sku, name, price, category_id) overriding system value values (9001, 'EDGE', 'Edge', 1, 9001);
            insert into orders (id, status, total_amount, created_at) overriding system value values
              (9001, 'paid', 1, '1999-12-31T23:59:59.999999Z'), (9002, 'paid', 10, '2000-01-01T00:00:00Z'),
              (9003, 'paid', 100, '2000-01-01T23:59:59.999999Z'), (9004, 'paid', 1000, '2000-01-02T00:00:00Z'),
              (9005, 'cancelled', 10000, '2000-01-01T12:00:00Z');
            insert into order_items (order_id, line, product_id, quantity, unit_price)
              select id, 1, 9001, total_amount::int, 1 from orders where id between 9001 and 9005;
            """);

        Answer answer = (await shop.Api.GetAsync($"{Path}?from=2000-01-01&to=2000-01-02", Reader)).Is(HttpStatusCode.OK);

        Assert.Equal(
            """{"from":"2000-01-01","to":"2000-01-02","items":[{"categoryId":9001,"category":"Edges","orders":2,"quantity":110,"revenue":110.00}]}""",
            answer.Text);
    }

    [Fact]
    public async Task Nothing_overflows_and_equal_revenues_are_ordered_by_id()
    {
        await shop.QueryAsync<int>(
            """
            insert into categories (id, name) overriding system value values (9101, 'Zeal'), (9102, 'Ardour');
            insert into products (id, sku, name, price, category_id) overriding system value values
              (9101, 'ZEAL', 'Zeal', 1, 9101), (9102, 'ARDOUR', 'Ardour', 1, 9102);
            insert into orders (id, status, total_amount, created_at) overriding system value values (9101, 'paid', 0, '1990-01-01T00:00:00Z');
            insert into order_items (order_id, line, product_id, quantity, unit_price)
              select 9101, line, 9101 + line % 2, 2147483647, 9999999999.99 from generate_series(1, 2000) line;
            """);

        JsonElement items = (await shop.Api.GetAsync($"{Path}?from=1990-01-01&to=1990-01-02", Reader)).Is(HttpStatusCode.OK).Json.GetProperty("items");

        Assert.Equal([9101, 9102], items.EnumerateArray().Select(item => item.GetProperty("categoryId").GetInt64()));
        Assert.All(items.EnumerateArray(), item => Assert.Equal(
            ("2147483647000", 1, "21474836469978525163530.00"),
            (item.GetProperty("quantity").GetRawText(), item.GetProperty("orders").GetInt32(), item.GetProperty("revenue").GetRawText())));
    }

    [Theory]
    [InlineData("0001-01-01", "0001-01-02")]
    [InlineData("9999-12-30", "9999-12-31")]
    [InlineData("9998-12-31", "9999-12-31")]
    [InlineData("2024-01-01", "2025-01-01")]
    [InlineData("2024-02-29", "2024-03-01")]
    public async Task Every_year_is_one(string from, string to) =>
        (await shop.Api.GetAsync($"{Path}?from={from}&to={to}", Reader)).Is(HttpStatusCode.OK);

    [Theory]
    [InlineData("", "from")]
    [InlineData("?to=2025-01-02", "from")]
    [InlineData("?from=2025-01-01", "to")]
    [InlineData("?from=&to=2025-01-02", "from")]
    [InlineData("?from=2025-01-01&to=", "to")]
    [InlineData("?from=2025-01-01&from=2025-01-01&to=2025-01-02", "from")]
    [InlineData("?from=2025-01-01&to=2025-01-02&to=2025-01-02", "to")]
    [InlineData("?from=2025-02-29&to=2025-03-01", "from")]
    [InlineData("?from=2025-13-01&to=2025-03-01", "from")]
    [InlineData("?from=2025-1-1&to=2025-03-01", "from")]
    [InlineData("?from=01.02.2025&to=2025-03-01", "from")]
    [InlineData("?from=2025-01-01T00:00:00Z&to=2025-03-01", "from")]
    [InlineData("?from=%202025-01-01&to=2025-03-01", "from")]
    [InlineData("?from=2025-01-01%00&to=2025-03-01", "from")]
    [InlineData("?from=%D9%A2%D9%A0%D9%A2%D9%A5-01-01&to=2025-03-01", "from")]
    [InlineData("?from=0000-01-01&to=0000-01-02", "from")]
    [InlineData("?from=9999-12-31&to=10000-01-01", "to")]
    [InlineData("?from=2025-01-01&to=tomorrow", "to")]
    [InlineData("?from=2025-01-01&to=2025-01-01", "to")]
    [InlineData("?from=2025-01-02&to=2025-01-01", "to")]
    [InlineData("?from=2024-01-01&to=2025-01-02", "366")]
    [InlineData("?from=0001-01-01&to=9999-12-31", "366")]
    public async Task Days_that_are_none_are_a_400(string query, string named)
    {
        (await shop.Api.GetAsync(Path + query, Reader)).IsBadRequest(named);
        Answer head = await shop.Api.SendAsync(HttpMethod.Head, Path + query, Reader, body: null);
        Assert.Equal(HttpStatusCode.BadRequest, head.Status);
    }

    [Fact]
    public async Task Head_checks_what_get_checks_and_asks_the_database_nothing()
    {
        string query = $"{Path}?from=2025-03-01&to=2025-03-02";
        await shop.QueryAsync<object>("select pg_stat_statements_reset()");

        Answer head = (await shop.Api.SendAsync(HttpMethod.Head, query, Reader, body: null)).Is(HttpStatusCode.OK);

        Assert.Equal(0, await ReportsAsync());
        Assert.Empty(head.Body);
        Assert.Null(head["Content-Length"]);
        Answer get = (await shop.Api.GetAsync(query, Reader)).Is(HttpStatusCode.OK);
        Assert.Equal(1, await ReportsAsync());
        Assert.Equal(get.ComparableHeaders.Where(header => header.Name is not ("Content-Length" or "ETag")), head.ComparableHeaders);

        Task<long> ReportsAsync() => shop.OneAsync<long>(
            """
            select coalesce(sum(calls), 0)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database()) and query like 'select c.id, c.name, count(distinct o.id)%'
            """);
    }
}
