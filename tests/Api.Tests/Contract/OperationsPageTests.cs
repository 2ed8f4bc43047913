using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class OperationsPageTests(Shop shop) : IClassFixture<Shop>
{
    private const string Page = "/api/ops";

    [Fact]
    public async Task Is_a_page_that_nobody_keeps_and_that_may_run_nothing_but_its_own()
    {
        Answer answer = (await shop.Api.GetAsync(Page)).Is(HttpStatusCode.OK);

        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer["Referrer-Policy"]);
        string script = Assert.Single(Regex.Matches(answer.Text, "<script type=\"module\">(.*?)</script>", RegexOptions.Singleline)).Groups[1].Value;
        string style = Assert.Single(Regex.Matches(answer.Text, "<style>(.*?)</style>", RegexOptions.Singleline)).Groups[1].Value;
        Assert.Equal(
            $"default-src 'none'; script-src '{Hash(script)}'; style-src '{Hash(style)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            answer["Content-Security-Policy"]);

        static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public async Task Names_no_other_place_and_makes_no_markup_of_text()
    {
        string page = (await shop.Api.GetAsync(Page)).Text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);

        Assert.DoesNotMatch("(?i:https?://|//[a-z0-9]+\\.[a-z]|<link|<img|<iframe|@import)|\\burl\\(", page);
        Assert.DoesNotMatch("(?i)innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function| on[a-z]+=\"| style=\"", page);
        Assert.DoesNotContain("localStorage", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{style}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{script}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_answers_as_get_does_without_the_body()
    {
        Answer get = await shop.Api.GetAsync(Page), head = await shop.Api.SendAsync(HttpMethod.Head, Page, null, body: null);

        Assert.Empty(head.Body);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.ComparableHeaders, head.ComparableHeaders);
    }
}
