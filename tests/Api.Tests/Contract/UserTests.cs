using System.Net;
using System.Text.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class UserTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    [Fact]
    public async Task Is_found_by_address_in_whatever_case()
    {
        string email = await shop.OneAsync<string>("select email from users where active order by id limit 1");
        Answer answer = (await shop.Api.GetAsync($"/api/v1/users?email={Uri.EscapeDataString(email)}", Reader)).Is(HttpStatusCode.OK);
        Answer upper = (await shop.Api.GetAsync($"/api/v1/users?email={Uri.EscapeDataString(email.ToUpperInvariant())}",
            Reader)).Is(HttpStatusCode.OK);

        Assert.Equal(["id", "email", "name", "active", "createdAt"], answer.Fields());
        Assert.Equal(email, answer.Json.GetProperty("email").GetString());
        Assert.Equal(await shop.OneAsync<long>("select id from users where active order by id limit 1"),
            answer.Json.GetProperty("id").GetInt64());
        Assert.Equal(JsonValueKind.True, answer.Json.GetProperty("active").ValueKind);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal(("private, no-cache", "Authorization"), (answer["Cache-Control"], answer["Vary"]));
        Assert.Equal(answer.Text, upper.Text);
    }

    [Fact]
    public async Task Who_is_not_active_is_not_found()
    {
        string email = await shop.OneAsync<string>(
            "insert into users (email, name, active) values ('gone@example.org', 'Gone', false) returning email");
        (await shop.Api.GetAsync($"/api/v1/users?email={email}", Reader)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await shop.Api.GetAsync("/api/v1/users?email=nobody@example.org", Reader)).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?email=")]
    [InlineData("?email=a@")]
    [InlineData("?email=nobody")]
    [InlineData("?email=a%00@example.org")]
    [InlineData("?email=a@example.org&email=b@example.org")]
    public async Task An_address_that_is_none_is_a_400(string query) =>
        (await shop.Api.GetAsync($"/api/v1/users{query}", Reader)).IsBadRequest("email");

    [Fact]
    public async Task An_address_may_have_320_characters_and_no_more()
    {
        string longest = new string('a', 308) + "@example.org";
        (await shop.Api.GetAsync($"/api/v1/users?email={longest}", Reader)).Is(HttpStatusCode.NotFound);
        (await shop.Api.GetAsync($"/api/v1/users?email=a{longest}", Reader)).IsBadRequest("email");
    }

    [Theory]
    [InlineData("%ED%A0%80@example.org")]
    [InlineData("%FF@example.org")]
    [InlineData("%F0%9F%9B%92@example.org")]
    [InlineData("'%20or%201=1--@example.org")]
    public async Task Odd_addresses_are_not_found(string email) =>
        (await shop.Api.GetAsync($"/api/v1/users?email={email}", Reader)).IsProblem(HttpStatusCode.NotFound, "not-found");
}
