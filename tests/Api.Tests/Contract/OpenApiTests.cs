using System.Net;
using System.Text.Json;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>The document tells of every route and nothing else. Every answer of these tests is checked against it.</summary>
public sealed class OpenApiTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public void Lists_every_function_and_nothing_else()
    {
        IEnumerable<string> functions =
            from function in FunctionCatalog.Discover(FunctionApps.Api)
            let http = function.Trigger as Trigger.Http
            where http is not null
            from method in http.Methods
            select $"{method.ToUpperInvariant()} /{http.Route}";
        Assert.Equal(functions.Order(), OpenApiDocument.Checked.Operations().Order());
    }

    [Fact]
    public void Examples_are_values_of_their_schemas()
    {
        (string Schema, JsonElement Example)[] examples = [.. OpenApiDocument.Checked.Examples()];
        Assert.True(examples.Length >= 7);
        Assert.Empty(examples.SelectMany(example => OpenApiDocument.Checked.Violations(example.Schema, example.Example)));
    }

    [Fact]
    public void A_checker_that_finds_nothing_would_be_none()
    {
        string[] violations =
        [
            .. OpenApiDocument.Checked.Violations("Product", JsonDocument.Parse("""
                {"id": 0, "sku": 5, "name": "", "price": 1.005, "categoryId": 1, "available": "yes", "version": 1,
                    "updatedAt": "today", "more": 1}
                """).RootElement),
        ];
        foreach (string named in (string[])["id", "sku", "name", "description", "price", "available", "updatedAt", "more"])
            Assert.Contains(violations, violation => violation.Contains(named, StringComparison.Ordinal));
        Assert.DoesNotContain(violations, violation => violation.Contains("categoryId", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Is_served_to_anyone_with_a_tag()
    {
        Answer answer = (await shop.Api.GetAsync("/api/openapi.json")).Is(HttpStatusCode.OK);

        Assert.Equal("3.1.1", answer.Json.GetProperty("openapi").GetString());
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("public, no-cache", answer["Cache-Control"]);
        Answer again = (await shop.Api.GetAsync("/api/openapi.json", null, ("If-None-Match", answer.ETag!))).Is(HttpStatusCode.NotModified);
        Assert.Empty(again.Body);
        Assert.Equal(answer.ETag, again.ETag);
    }
}
