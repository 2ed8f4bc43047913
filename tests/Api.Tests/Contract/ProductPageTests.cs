using System.Globalization;
using System.Net;
using System.Text.Json;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class ProductPageTests(ProductPageTests.MixedShop shop) : IClassFixture<ProductPageTests.MixedShop>
{
    public sealed class MixedShop(PostgresFixture postgres) : Shop(postgres)
    {
        // The same price many times over, so that pages end between equal ones; and products that no page may show.
        protected override Task PrepareAsync() =>
            QueryAsync<int>("update products set price = case when id % 3 = 0 then 30 else price end, available = id % 11 <> 0");
    }

    public static TheoryData<long?, string?, string?, int?> Filters
    {
        get
        {
            TheoryData<long?, string?, string?, int?> filters = [];
            foreach (long? category in (long?[])[null, 1])
            {
                foreach (string? least in (string?[])[null, "20.5"])
                {
                    foreach (string? most in (string?[])[null, "60"])
                    {
                        foreach (int? limit in (int?[])[null, 1, 7, 100])
                        {
                            // Page by page of one, over everything, would only take time.
                            if (limit != 1 || (category, least, most) is (not null, not null, not null))
                                filters.Add(category, least, most, limit);
                        }
                    }
                }
            }

            return filters;
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Following_next_meets_every_product_once_and_in_order(long? category, string? least, string? most, int? limit)
    {
        List<long> expected = await shop.QueryAsync<long>($"""
            select id from products where available {(category is null ? "" : $"and category_id = {category}")}
            {(least is null ? "" : $"and price >= {least}")} {(most is null ? "" : $"and price <= {most}")} order by price, id
            """);
        Assert.True(expected.Count > 3, "The filters leave too little to page through.");

        string query = "/api/v1/products?"
            + Parameter("category", category) + Parameter("minPrice", least) + Parameter("maxPrice", most) + Parameter("limit", limit);
        List<long> met = [];
        string? next = null;
        do
        {
            JsonElement page = (await shop.Api.GetAsync(query + Parameter("after", next))).Is(HttpStatusCode.OK).Json;
            long[] ids = [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64())];
            next = page.GetProperty("next").GetString();
            Assert.True(ids.Length == (limit ?? 20) || (next is null && ids.Length < (limit ?? 20)), "Only the last page may be short.");
            Assert.NotEmpty(ids);
            met.AddRange(ids);
            Assert.True(met.Count <= expected.Count, "It does not end.");
        }
        while (next is not null);

        Assert.Equal(expected, met);

        static string Parameter(string name, object? value) =>
            value is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{name}={value}&");
    }

    [Fact]
    public async Task Items_are_products_as_they_are_read_alone()
    {
        JsonElement page = (await shop.Api.GetAsync("/api/v1/products?limit=2")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(["items", "next"], page.EnumerateObject().Select(property => property.Name));
        foreach (JsonElement item in page.GetProperty("items").EnumerateArray())
        {
            Answer alone = await shop.Api.GetAsync($"/api/v1/products/{item.GetProperty("id").GetInt64()}");
            Assert.Equal(alone.Text, item.GetRawText());
        }
    }

    [Theory]
    [InlineData("category=999999")]
    [InlineData("minPrice=9999999999.99")]
    [InlineData("minPrice=5&maxPrice=4")]
    public async Task Nothing_found_is_an_empty_page(string query) =>
        Assert.Equal("""{"items":[],"next":null}""", (await shop.Api.GetAsync($"/api/v1/products?{query}")).Is(HttpStatusCode.OK).Text);

    [Fact]
    public async Task A_cursor_with_other_filters_goes_on_from_its_place()
    {
        string next = (await shop.Api.GetAsync("/api/v1/products?limit=5&category=1")).Json.GetProperty("next").GetString()!;
        JsonElement last = (await shop.Api.GetAsync("/api/v1/products?limit=5&category=1")).Json.GetProperty("items")[4];
        JsonElement page = (await shop.Api.GetAsync($"/api/v1/products?limit=100&category=2&after={next}")).Is(HttpStatusCode.OK).Json;

        Assert.NotEmpty(page.GetProperty("items").EnumerateArray());
        Assert.All(page.GetProperty("items").EnumerateArray(), item =>
        {
            Assert.Equal(2, item.GetProperty("categoryId").GetInt64());
            Assert.True(item.GetProperty("price").GetDecimal() >= last.GetProperty("price").GetDecimal());
        });
    }

    [Theory]
    [InlineData("category")]
    [InlineData("category", "0")]
    [InlineData("category", "-1")]
    [InlineData("category", "1%00")]
    [InlineData("category", "9223372036854775808")]
    [InlineData("limit")]
    [InlineData("limit", "0")]
    [InlineData("limit", "101")]
    [InlineData("limit", "1000000000")]
    [InlineData("limit", "2147483648")]
    [InlineData("limit", "5%00")]
    [InlineData("limit", "5", "6")]
    [InlineData("minPrice")]
    [InlineData("minPrice", "-1")]
    [InlineData("minPrice", "1e2")]
    [InlineData("minPrice", "1,5")]
    [InlineData("minPrice", "0.001")]
    [InlineData("minPrice", "10000000000")]
    [InlineData("minPrice", "1%00")]
    [InlineData("maxPrice", "NaN")]
    [InlineData("after")]
    [InlineData("after", "AAAA")]
    [InlineData("after", "%00%00")]
    [InlineData("after", "AgjeyAAAAAAAAAAAAAAAAAE")]
    public async Task A_parameter_out_of_bounds_is_a_400_that_names_it(string name, params string[] values)
    {
        string query = values.Length == 0 ? $"{name}=" : string.Join('&', values.Select(value => $"{name}={value}"));
        (await shop.Api.GetAsync($"/api/v1/products?{query}")).IsBadRequest(name);
    }

    [Fact]
    public async Task A_cursor_of_which_one_bit_is_other_is_none_or_another_place()
    {
        string cursor = (await shop.Api.GetAsync("/api/v1/products?limit=7")).Json.GetProperty("next").GetString()!;
        foreach (int at in Enumerable.Range(0, cursor.Length))
        {
            foreach (int bit in Enumerable.Range(0, 7))
            {
                char[] flipped = cursor.ToCharArray();
                flipped[at] ^= (char)(1 << bit);
                Answer answer = await shop.Api.GetAsync($"/api/v1/products?limit=1&after={Uri.EscapeDataString(new string(flipped))}");
                if (answer.Status != HttpStatusCode.OK)
                    answer.IsBadRequest("after");
            }
        }
    }
}
