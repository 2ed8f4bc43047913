using System.Net;
using System.Text.RegularExpressions;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>A list can be walked by its links alone, and they say what the bodies say.</summary>
public sealed partial class PageLinkTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    [Theory]
    [InlineData("/api/v1/products?limit=7", "/api/v1/products?limit=7")]
    [InlineData("/api/v1/products?limit=3&maxPrice=60.00&category=1&minPrice=5", "/api/v1/products?category=1&minPrice=5&maxPrice=60.00&limit=3")]
    [InlineData("/api/v1/products", "/api/v1/products?limit=20")]
    [InlineData("/api/v1/users/{user}/orders?limit=1", "/api/v1/users/{user}/orders?limit=1")]
    public async Task Leads_page_by_page_as_next_does(string path, string first)
    {
        string user = await shop.OneAsync<string>(
            "select user_id::text from orders where user_id is not null group by user_id order by count(*) desc, user_id limit 1");
        (path, first) = (path.Replace("{user}", user, StringComparison.Ordinal), first.Replace("{user}", user, StringComparison.Ordinal));

        int pages = 0;
        for (string? at = path; at is not null && pages < 200; pages++)
        {
            Answer page = (await shop.Api.GetAsync(at, Reader)).Is(HttpStatusCode.OK);
            Answer head = (await shop.Api.SendAsync(HttpMethod.Head, at, Reader, null)).Is(HttpStatusCode.OK);
            Assert.Equal(page["Link"], head["Link"]);

            Dictionary<string, string> links = Links(page);
            string? next = page.Json.GetProperty("next").GetString();
            Assert.Equal(next is null ? null : $"{first}&after={next}", links.GetValueOrDefault("next"));
            Assert.Equal(pages == 0 ? null : first, links.GetValueOrDefault("first"));
            at = links.GetValueOrDefault("next");
        }

        Assert.InRange(pages, 2, 199);
    }

    [Theory]
    [InlineData("/api/v1/products?limit=1&x=%3E%3B%20rel%3D%22next%22&limit%0d%0aX=1", "</api/v1/products?limit=1&after=")]
    [InlineData("/api/v1/users/%31/orders?limit=1", "</api/v1/users/1/orders?limit=1&after=")]
    public async Task Holds_nothing_that_a_caller_has_made_up(string path, string start)
    {
        await shop.QueryAsync<int>(
            "insert into orders (user_id, status, total_amount, created_at) values (1, 'paid', 1, '2001-01-01T00:00:00Z'), (1, 'paid', 1, '2001-01-01T00:00:00Z')");
        Assert.Matches($"^{Regex.Escape(start)}[A-Za-z0-9_-]{{23}}>; rel=\"next\"$", (await shop.Api.GetAsync(path, Reader)).Is(HttpStatusCode.OK)["Link"]);
    }

    private static Dictionary<string, string> Links(Answer answer) =>
        Link().Matches(answer["Link"] ?? "").ToDictionary(link => link.Groups["rel"].Value, link => link.Groups["to"].Value);

    [GeneratedRegex("<(?<to>[^>]+)>; rel=\"(?<rel>[a-z]+)\"")]
    private static partial Regex Link();
}
