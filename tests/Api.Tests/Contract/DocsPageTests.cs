using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>The page tells everything that the document tells, and needs nothing else.</summary>
public sealed partial class DocsPageTests(Shop shop) : IClassFixture<Shop>
{
    private const string Page = "/api/docs";

    [Fact]
    public async Task Is_a_page_that_may_show_itself_and_nothing_else()
    {
        Answer answer = (await shop.Api.GetAsync(Page)).Is(HttpStatusCode.OK);

        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("public, no-cache", answer["Cache-Control"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer["Referrer-Policy"]);
        string style = Assert.Single(Style().Matches(answer.Text)).Groups[1].Value;
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", answer["Content-Security-Policy"]);
        Assert.DoesNotMatch("(?i)<script|<img|<link|<iframe|<object| style=| on[a-z]+=|@import|url\\(", answer.Text);
        Assert.All(Links(answer.Text), link => Assert.True(link.StartsWith('#') || link == "openapi.json", $"{link} leads away"));
    }

    [Fact]
    public async Task Every_operation_is_there_with_its_parameters_statuses_and_a_command()
    {
        string page = await ReadAsync();
        foreach (OpenApiDocument.Operation operation in OpenApiDocument.Checked.Operations())
        {
            string article = Article(page, operation.Id);
            Assert.Contains($"<code>{operation.Path}</code>", article, StringComparison.Ordinal);
            Assert.Contains($">{operation.Method}</span>", article, StringComparison.Ordinal);
            Assert.Contains("curl -i ", article, StringComparison.Ordinal);
            Assert.All(new OpenApiExamples(OpenApiDocument.Checked).Parameters(operation), parameter =>
                Assert.Contains($"<code>{parameter.GetProperty("name").GetString()}</code>", article, StringComparison.Ordinal));
            Assert.All(operation.Statuses(), status => Assert.Contains($"<code>{status}</code>", article, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Every_problem_header_and_schema_with_its_members_is_there()
    {
        string page = await ReadAsync();
        JsonElement components = OpenApiDocument.Checked.Root.GetProperty("components");
        JsonElement schemas = components.GetProperty("schemas");

        Assert.All(
            schemas.GetProperty("Problem").GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray(),
            type => Assert.Contains($"<code>{type.GetString()}</code>", page, StringComparison.Ordinal));
        Assert.All(components.GetProperty("headers").EnumerateObject(), header =>
            Assert.Contains($"id=\"header-{header.Name}\"", page, StringComparison.Ordinal));
        foreach (JsonProperty schema in schemas.EnumerateObject())
        {
            string article = Article(page, $"schema-{schema.Name}");
            if (schema.Value.TryGetProperty("properties", out JsonElement members))
                Assert.All(members.EnumerateObject(), member => Assert.Contains($"<code>{member.Name}</code>", article, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Every_link_leads_to_a_place_and_every_place_is_one()
    {
        string page = await ReadAsync();
        string[] places = [.. Ids().Matches(page).Select(id => id.Groups[1].Value)];
        Assert.Equal(places.Distinct(), places);
        Assert.All(Links(page).Where(link => link.StartsWith('#')), link => Assert.Contains(link[1..], places));
    }

    private async Task<string> ReadAsync() => (await shop.Api.GetAsync(Page)).Is(HttpStatusCode.OK).Text;

    private static string Article(string page, string id)
    {
        int start = page.IndexOf($"<article class=\"operation\" id=\"{id}\"", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{id} is not on the page");
        return page[start..page.IndexOf("</article>", start, StringComparison.Ordinal)];
    }

    private static IEnumerable<string> Links(string page) => Hrefs().Matches(page).Select(link => link.Groups[1].Value);

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex(" href=\"([^\"]+)\"")]
    private static partial Regex Hrefs();
}
