using System.Globalization;
using System.Net;
using System.Text.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class OrderTests(Shop shop) : IClassFixture<Shop>
{
    private const string OwnedOrder = "select id from orders where user_id is not null order by id limit 1";
    private const string GuestOrder = "select id from orders where user_id is null order by id limit 1";

    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    [Fact]
    public async Task Has_the_fields_of_its_rows()
    {
        long id = await shop.OneAsync<long>("select order_id from order_items group by order_id having count(*) > 1 order by 1 limit 1");
        JsonElement order = (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).Is(HttpStatusCode.OK).Json;

        Assert.Equal(["id", "userId", "status", "totalAmount", "createdAt", "items"],
            order.EnumerateObject().Select(property => property.Name));
        JsonElement row = JsonDocument.Parse(await shop.OneAsync<string>($"""
            select jsonb_build_object('id', id, 'userId', user_id, 'status', status, 'totalAmount', total_amount, 'items', (
                select jsonb_agg(jsonb_build_object('line', line, 'productId', product_id, 'quantity', quantity, 'unitPrice',
                    unit_price) order by line)
                from order_items where order_id = o.id))::text
            from orders o where id = {id}
            """)).RootElement;
        foreach (JsonProperty field in row.EnumerateObject())
            Assert.True(JsonElement.DeepEquals(field.Value, order.GetProperty(field.Name)), field.Name);
        Assert.Equal(
            await shop.OneAsync<DateTime>($"select created_at from orders where id = {id}"),
                order.GetProperty("createdAt").GetDateTimeOffset().UtcDateTime);
    }

    [Fact]
    public async Task Is_shown_to_its_owner_and_to_who_may_read_all()
    {
        long id = await shop.OneAsync<long>(OwnedOrder);
        long owner = await shop.OneAsync<long>($"select user_id from orders where id = {id}");
        Answer own = (await shop.Api.GetAsync($"/api/v1/orders/{id}", TestToken.ForUser(owner))).Is(HttpStatusCode.OK);
        Answer reader = (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).Is(HttpStatusCode.OK);

        Assert.Equal(own.Text, reader.Text);
        Assert.Equal("private, no-cache", own["Cache-Control"]);
        Assert.Equal("Authorization", own["Vary"]);
    }

    [Fact]
    public async Task Of_another_looks_as_if_there_were_none()
    {
        long id = await shop.OneAsync<long>(OwnedOrder);
        long owner = await shop.OneAsync<long>($"select user_id from orders where id = {id}");
        string tag = (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).ETag!;
        string[] strangers = [TestToken.ForUser(owner + 1), TestToken.WithRoles(TestToken.CatalogWrite), TestToken.WithRoles()];
        long missing = id + 1_000_000;
        await shop.Api.GetAsync($"/api/v1/orders/{missing}", Reader);
        foreach (string stranger in strangers)
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                // With the right tag, too: a 304 would tell as much as a 200.
                Answer hidden = await shop.Api.SendAsync(method, $"/api/v1/orders/{id}", stranger, null, ("If-None-Match", tag), ("X-Correlation-Id", "same"));
                Answer none = await shop.Api.SendAsync(method, $"/api/v1/orders/{missing}", stranger, null, ("If-None-Match", tag), ("X-Correlation-Id", "same"));
                hidden.Is(HttpStatusCode.NotFound);
                none.Is(HttpStatusCode.NotFound);
                Assert.Equal(Without(none, missing), Without(hidden, id));
            }
        }

        static string Without(Answer answer, long order) =>
            string.Join('\n', answer.ComparableHeaders.Where(header => header.Name != "Content-Length"))
            + answer.Text.Replace(order.ToString(CultureInfo.InvariantCulture), "{id}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_guest_is_shown_only_to_who_may_read_all()
    {
        long id = await shop.OneAsync<long>(GuestOrder);
        Answer order = (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).Is(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, order.Json.GetProperty("userId").ValueKind);
        Assert.Equal("private, no-cache", order["Cache-Control"]);
        Assert.Equal("Authorization", order["Vary"]);
        foreach (string token in (string[])[TestToken.ForUser(1), TestToken.ForUser(0), TestToken.WithRoles()])
            (await shop.Api.GetAsync($"/api/v1/orders/{id}", token)).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Without_items_has_an_empty_list()
    {
        long id = await shop.OneAsync<long>("insert into orders (total_amount) values (0) returning id");
        Answer order = (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).Is(HttpStatusCode.OK);
        Assert.Equal("[]", order.Json.GetProperty("items").GetRawText());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    public async Task An_id_that_is_none_is_a_400(string id) =>
        (await shop.Api.GetAsync($"/api/v1/orders/{id}", Reader)).IsBadRequest("id");
}
