using System.Globalization;
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
        Assert.Equal(functions.Order(), OpenApiDocument.Checked.Operations().Select(operation => operation.ToString()).Order());
    }

    [Fact]
    public void Every_body_parameter_and_header_has_examples_that_are_values_of_its_schema()
    {
        OpenApiExamples examples = new(OpenApiDocument.Checked);
        Assert.Empty(examples.All().SelectMany(examples.Violations));
    }

    [Fact]
    public void Schemas_are_of_json_schema_2020_12() =>
        Assert.Empty(OpenApiDocument.Checked.Root.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(schema => DocumentSchemas.ViolationsOfDialect(schema.Value, schema.Name)));

    [Fact]
    public void Every_type_of_problem_is_the_example_of_an_answer_with_its_status()
    {
        JsonElement types = OpenApiDocument.Checked.Root.GetProperty("components").GetProperty("schemas").GetProperty("Problem")
            .GetProperty("properties").GetProperty("type").GetProperty("enum");
        (string Type, int Status, int Answer)[] answers = [.. Problems()];

        Assert.All(answers, answer => Assert.Equal(answer.Answer, answer.Status));
        Assert.Equal(types.EnumerateArray().Select(type => type.GetString()).Order(), answers.Select(answer => answer.Type).Distinct().Order());
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

    private static IEnumerable<(string Type, int Status, int Answer)> Problems() =>
        from operation in OpenApiDocument.Checked.Operations()
        from response in operation.Description.GetProperty("responses").EnumerateObject()
        let described = OpenApiDocument.Checked.Resolve(response.Value)
        where described.TryGetProperty("content", out _) && described.GetProperty("content").TryGetProperty("application/problem+json", out _)
        let example = described.GetProperty("content").GetProperty("application/problem+json").GetProperty("example")
        select (example.GetProperty("type").GetString()!, example.GetProperty("status").GetInt32(), int.Parse(response.Name, CultureInfo.InvariantCulture));
}
