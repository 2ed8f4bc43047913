using System.Net;
using System.Text.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class OrderListTests(Shop shop) : IClassFixture<Shop>
{
    private const string BusiestUser = "select user_id from orders where user_id is not null group by 1 order by count(*) desc, 1 limit 1";

    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Following_next_meets_every_order_once_newest_first(int? limit)
    {
        long user = await shop.OneAsync<long>(BusiestUser);
        // Several orders of one moment, so that pages end between them.
        await shop.QueryAsync<int>($"update orders set created_at = '2026-01-02T03:04:05.678901Z' where user_id = {user} and id % 2 = 0");
        List<long> expected = await shop.QueryAsync<long>(
            $"select id from orders where user_id = {user} order by created_at desc, id desc");
        Assert.True(expected.Count > 4, "The user has too few orders.");

        List<long> met = [];
        string? next = null;
        do
        {
            string query = $"?{(limit is null ? "" : $"limit={limit}&")}{(next is null ? "" : $"after={next}")}";
            JsonElement page = (await shop.Api.GetAsync($"/api/v1/users/{user}/orders{query}",
                TestToken.ForUser(user))).Is(HttpStatusCode.OK).Json;
            next = page.GetProperty("next").GetString();
            met.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            Assert.True(met.Count <= expected.Count, "It does not end.");
        }
        while (next is not null);

        Assert.Equal(expected, met);
    }

    [Fact]
    public async Task Items_are_orders_without_their_items()
    {
        long user = await shop.OneAsync<long>(BusiestUser);
        Answer answer = (await shop.Api.GetAsync($"/api/v1/users/{user}/orders?limit=2", Reader)).Is(HttpStatusCode.OK);
        Assert.Equal("private, no-cache", answer["Cache-Control"]);
        Assert.Equal("Authorization", answer["Vary"]);
        Assert.Equal(["items", "next"], answer.Fields());
        foreach (JsonElement item in answer.Json.GetProperty("items").EnumerateArray())
        {
            JsonElement alone = (await shop.Api.GetAsync($"/api/v1/orders/{item.GetProperty("id").GetInt64()}", Reader)).Json;
            Assert.Equal(
                alone.EnumerateObject().Where(field => field.Name != "items").Select(field => field.ToString()),
                item.EnumerateObject().Select(field => field.ToString()));
        }
    }

    [Fact]
    public async Task Of_a_user_without_orders_is_empty()
    {
        long user = await shop.OneAsync<long>("insert into users (email, name) values ('new@example.org', 'New') returning id");
        Answer answer = (await shop.Api.GetAsync($"/api/v1/users/{user}/orders", TestToken.ForUser(user))).Is(HttpStatusCode.OK);
        Assert.Equal("""{"items":[],"next":null}""", answer.Text);
    }

    [Fact]
    public async Task Of_another_user_looks_as_if_there_were_none()
    {
        (string, string) name = ("X-Correlation-Id", "same");
        long user = await shop.OneAsync<long>(BusiestUser);
        Answer others = await shop.Api.GetAsync($"/api/v1/users/{user}/orders", TestToken.ForUser(user + 1), name);
        Answer nobodys = await shop.Api.GetAsync("/api/v1/users/999999/orders", TestToken.ForUser(user + 1), name);
        Answer missing = await shop.Api.GetAsync("/api/v1/users/999999/orders", Reader, name);
        foreach (Answer answer in (Answer[])[others, nobodys, missing])
            answer.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(missing.Text, nobodys.Text);
        Assert.Equal(missing.ComparableHeaders, nobodys.ComparableHeaders);
        Assert.Equal(others.Text.Replace($"{user}", "999999", StringComparison.Ordinal), nobodys.Text);
    }

    [Theory]
    [InlineData("/api/v1/users/0/orders", "id")]
    [InlineData("/api/v1/users/x/orders", "id")]
    [InlineData("/api/v1/users/1/orders?limit=0", "limit")]
    [InlineData("/api/v1/users/1/orders?limit=101", "limit")]
    [InlineData("/api/v1/users/1/orders?after=", "after")]
    [InlineData("/api/v1/users/1/orders?after=x", "after")]
    [InlineData("/api/v1/users/1/orders?after=AQAAAAAAAAD_AAAAAAAAACo", "after")]
    [InlineData("/api/v1/users/1/orders?after=Av__________AAAAAAAAAAE", "after")]
    public async Task A_parameter_out_of_bounds_is_a_400_that_names_it(string path, string named) =>
        (await shop.Api.GetAsync(path, Reader)).IsBadRequest(named);

    [Theory]
    // 0001-01-01 is before every order there can be; the last ticks there are.
    [InlineData("AivKKHXzf_8AAAAAAAAAAQ0")]
    [InlineData("AivKKHXzf_8AAAAAAAAAAQ")]
    public async Task A_cursor_from_the_end_of_time_is_one_or_none_but_no_error(string cursor)
    {
        Answer answer = await shop.Api.GetAsync($"/api/v1/users/1/orders?after={cursor}", Reader);
        if (answer.Status != HttpStatusCode.OK)
            answer.IsBadRequest("after");
    }
}
