using System.Net;
using System.Text.Json;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class ProductTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Has_the_fields_of_its_row()
    {
        await shop.QueryAsync<int>("update products set price = 12.50, description = 'blue, 3″' where id = 5 returning 1");
        Answer answer = (await shop.Api.GetAsync("/api/v1/products/5")).Is(HttpStatusCode.OK);

        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal(["id", "sku", "name", "description", "price", "categoryId", "available", "version", "updatedAt"], answer.Fields());
        JsonElement row = JsonDocument.Parse(
            await shop.OneAsync<string>("select to_jsonb(p)::text from products p where id = 5")).RootElement;
        foreach ((string column, string field) in ((string, string)[])
            [("id", "id"), ("sku", "sku"), ("name", "name"), ("description", "description"), ("price", "price"),
             ("category_id", "categoryId"), ("available", "available"), ("version", "version")])
        {
            Assert.True(JsonElement.DeepEquals(row.GetProperty(column), answer.Json.GetProperty(field)), field);
        }

        Assert.Equal("12.50", answer.Json.GetProperty("price").GetRawText());
        Assert.Equal(row.GetProperty("updated_at").GetDateTimeOffset(), answer.Json.GetProperty("updatedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task One_that_cannot_be_bought_can_still_be_read()
    {
        long id = await shop.OneAsync<long>("update products set available = false where id = 7 returning id");
        Answer answer = (await shop.Api.GetAsync($"/api/v1/products/{id}")).Is(HttpStatusCode.OK);
        Assert.False(answer.Json.GetProperty("available").GetBoolean());
    }

    [Fact]
    public async Task That_does_not_exist_is_a_404_however_often_one_asks()
    {
        (await shop.Api.GetAsync("/api/v1/products/999999")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await shop.Api.GetAsync("/api/v1/products/999999")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await shop.Api.GetAsync($"/api/v1/products/{long.MaxValue}")).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    [InlineData("%20")]
    [InlineData("٣")]
    public async Task An_id_that_is_none_is_a_400_that_says_so(string id) =>
        (await shop.Api.GetAsync($"/api/v1/products/{id}")).IsBadRequest("id");

    [Fact]
    public async Task Leading_zeros_name_the_same_product()
    {
        Answer plain = (await shop.Api.GetAsync("/api/v1/products/9")).Is(HttpStatusCode.OK);
        Answer zeros = (await shop.Api.GetAsync("/api/v1/products/0009")).Is(HttpStatusCode.OK);
        Assert.Equal(plain.ETag, zeros.ETag);
    }
}
