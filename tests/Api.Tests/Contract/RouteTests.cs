using System.Net;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>What holds for every route.</summary>
public sealed class RouteTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    public static TheoryData<string> Readable { get; } = new(
        "/api/v1/products/1",
        "/api/v1/products?limit=3",
        "/api/v1/orders/1",
        "/api/v1/users/1/orders",
        "/api/v1/users?email={email}",
        "/api/health/live",
        "/api/health/ready",
        "/api/openapi.json",
        "/api/docs",
        // Errors, too.
        "/api/v1/products/0",
        "/api/v1/products/999999",
        "/api/v1/products?limit=0",
        "/api/v1/orders/999999",
        "/api/v1/users?email=nobody@example.org",
        "/api/ops/diagnosis",
        "/api/ops/diagnosis?format=pdf");

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task Head_answers_as_get_does_without_the_body(string path)
    {
        path = path.Replace("{email}", await shop.OneAsync<string>("select email from users where active order by id limit 1"),
            StringComparison.Ordinal);
        // Read once before, so that both come from memory.
        await shop.Api.GetAsync(path, Reader);
        Answer get = await shop.Api.GetAsync(path, Reader);
        Answer head = await shop.Api.SendAsync(HttpMethod.Head, path, Reader, body: null);

        Assert.Empty(head.Body);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal($"{get.Body.Length}", get["Content-Length"]);
        Assert.Equal(Comparable(get), Comparable(head));

        static IEnumerable<(string, string)> Comparable(Answer answer) => answer.ComparableHeaders.Where(header => header.Name != "Age");
    }

    [Theory]
    [InlineData("POST", "/api/v1/products/1")]
    [InlineData("DELETE", "/api/v1/products/1")]
    [InlineData("PATCH", "/api/v1/products/1")]
    [InlineData("OPTIONS", "/api/v1/products/1")]
    [InlineData("PUT", "/api/v1/products")]
    [InlineData("PUT", "/api/v1/orders/1")]
    [InlineData("POST", "/api/v1/users/1/orders")]
    [InlineData("DELETE", "/api/v1/users")]
    [InlineData("POST", "/api/v1/reports/category-sales")]
    [InlineData("GET", "/api/v1/reports")]
    [InlineData("POST", "/api/health/live")]
    [InlineData("POST", "/api/health/ready")]
    [InlineData("POST", "/api/ops/status")]
    [InlineData("POST", "/api/ops/diagnosis")]
    [InlineData("GET", "/api/ops/breakers/postgres-primary")]
    [InlineData("PUT", "/api/ops/breakers/postgres-primary")]
    [InlineData("POST", "/api/ops/breakers")]
    [InlineData("PUT", "/api/openapi.json")]
    [InlineData("POST", "/api/docs")]
    [InlineData("GET", "/api/v1")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/v1/products/1")]
    [InlineData("GET", "/api/v1/products/1/2")]
    public async Task What_is_not_listed_is_a_404(string method, string path) =>
        (await shop.Api.SendAsync(new HttpMethod(method), path, Reader, body: null)).Is(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("GET", "/api/v1/orders/1")]
    [InlineData("GET", "/api/v1/users/1/orders")]
    [InlineData("GET", "/api/v1/users?email=a@example.org")]
    [InlineData("GET", "/api/v1/reports/category-sales?from=2025-01-01&to=2025-01-02")]
    [InlineData("PUT", "/api/v1/products/1")]
    public async Task What_needs_a_token_is_a_401_without_a_valid_one(string method, string path)
    {
        Answer none = await Send(null);
        none.IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
        Assert.Equal("Bearer", none["WWW-Authenticate"]);

        string valid = TestToken.WithRoles(TestToken.OrdersRead, TestToken.CatalogWrite);
        string[] broken =
        [
            TestToken.Expired(1),
            TestToken.Forged(1, TestToken.OrdersRead, TestToken.CatalogWrite),
            valid[..^2],
            $"{valid.Split('.')[0]}.{valid.Split('.')[1]}.",
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIxIiwicm9sZXMiOlsib3JkZXJzLnJlYWQiLCJjYXRhbG9nLndyaXRlIl19.",
            "garbage",
        ];
        foreach (string token in broken)
        {
            Answer answer = await Send(token);
            answer.IsProblem(HttpStatusCode.Unauthorized, "unauthorized");
            Assert.StartsWith("Bearer error=\"invalid_token\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
        }

        Task<Answer> Send(string? token) =>
            shop.Api.SendAsync(new HttpMethod(method), path, token, method == "PUT" ? ApiInstance.Json("{}") : null);
    }

    [Theory]
    [InlineData("GET", "/api/v1/users?email=a@example.org", TestToken.OrdersRead)]
    [InlineData("GET", "/api/v1/reports/category-sales?from=2025-01-01&to=2025-01-02", TestToken.ReportsRead)]
    [InlineData("PUT", "/api/v1/products/1", TestToken.CatalogWrite)]
    public async Task What_needs_a_role_is_a_403_without_it(string method, string path, string role)
    {
        string[] others = [.. ((string[])[TestToken.OrdersRead, TestToken.CatalogWrite, TestToken.ReportsRead]).Where(other =>
            other != role)];
        foreach (string token in (string[])[TestToken.ForUser(1), TestToken.WithRoles(others)])
        {
            Answer answer = await shop.Api.SendAsync(new HttpMethod(method), path, token, method == "PUT" ? ApiInstance.Json("{}") : null);
            answer.IsProblem(HttpStatusCode.Forbidden, "forbidden");
            Assert.Equal("Bearer error=\"insufficient_scope\"", answer["WWW-Authenticate"]);
            Assert.Contains(role, answer.Text, StringComparison.Ordinal);
        }
    }
}
