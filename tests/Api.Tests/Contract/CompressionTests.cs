using System.IO.Compression;
using System.Net;
using TByte.Functions.Api.Edge.Compression;
using TByte.Functions.Caching;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>What is for anyone is packed for who wants it, with tags that conditions take whatever the coding.</summary>
public sealed class CompressionTests(Shop shop) : IClassFixture<Shop>
{
    private const string Page = "/api/v1/products?limit=50";

    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);
    private static readonly string Writer = TestToken.WithRoles(TestToken.CatalogWrite);

    [Theory]
    [InlineData(null, ContentCoding.Identity)]
    [InlineData("", ContentCoding.Identity)]
    [InlineData("gzip, deflate, br, zstd", ContentCoding.Brotli)]
    [InlineData("gzip, deflate", ContentCoding.Gzip)]
    [InlineData("GZIP", ContentCoding.Gzip)]
    [InlineData("x-gzip", ContentCoding.Gzip)]
    [InlineData("*", ContentCoding.Brotli)]
    [InlineData("br;q=0, *", ContentCoding.Gzip)]
    [InlineData("br;q=0.5, gzip;q=0.8", ContentCoding.Gzip)]
    [InlineData("br;q=0.5, gzip;q=0.50", ContentCoding.Brotli)]
    [InlineData("br ; Q=0.001", ContentCoding.Brotli)]
    [InlineData("gzip;q=0.5, identity", ContentCoding.Identity)]
    [InlineData("gzip, identity;q=0", ContentCoding.Gzip)]
    [InlineData("identity;q=0", ContentCoding.Identity)]
    [InlineData("identity;q=0, *;q=0", ContentCoding.Identity)]
    [InlineData("*;q=0", ContentCoding.Identity)]
    [InlineData("*;q=0, gzip;q=0.1", ContentCoding.Gzip)]
    [InlineData("br;q=0, gzip;q=0", ContentCoding.Identity)]
    [InlineData("br;q=1.5", ContentCoding.Identity)]
    [InlineData("br;q=NaN", ContentCoding.Identity)]
    [InlineData("br;level=1", ContentCoding.Identity)]
    [InlineData("br;q=, gzip;q=0.1", ContentCoding.Gzip)]
    [InlineData(",;,;q=1, , gzip", ContentCoding.Gzip)]
    [InlineData("brotli, gzipped", ContentCoding.Identity)]
    public void The_best_liked_coding_is_taken(string? accepted, ContentCoding coding) => Assert.Equal(coding, AcceptedCoding.Of(accepted));

    [Theory]
    [InlineData(Page)]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/docs")]
    public async Task Each_coding_has_the_same_content_and_a_tag_of_its_own(string path)
    {
        Answer plain = (await shop.Api.GetAsync(path)).Is(HttpStatusCode.OK);
        Answer brotli = (await shop.Api.GetAsync(path, null, ("Accept-Encoding", "br"))).Is(HttpStatusCode.OK);
        Answer gzip = (await shop.Api.GetAsync(path, null, ("Accept-Encoding", "gzip"))).Is(HttpStatusCode.OK);

        Assert.Equal([null, "br", "gzip"], ((Answer[])[plain, brotli, gzip]).Select(answer => answer["Content-Encoding"]));
        Assert.Equal(plain.Body, Unpack(new BrotliStream(new MemoryStream(brotli.Body), CompressionMode.Decompress)));
        Assert.Equal(plain.Body, Unpack(new GZipStream(new MemoryStream(gzip.Body), CompressionMode.Decompress)));
        Assert.All((Answer[])[brotli, gzip], packed => Assert.True(packed.Body.Length * 2 < plain.Body.Length, "packing makes it no smaller"));
        Assert.Equal(3, ((Answer[])[plain, brotli, gzip]).Select(answer => answer.ETag).Distinct().Count());
        Assert.All((Answer[])[plain, brotli, gzip], answer =>
        {
            Assert.Equal("Accept-Encoding", answer["Vary"]);
            Assert.Equal($"{answer.Body.Length}", answer["Content-Length"]);
        });

        static byte[] Unpack(Stream packed)
        {
            using MemoryStream plain = new();
            packed.CopyTo(plain);
            return plain.ToArray();
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Head_answers_as_get_does(string coding)
    {
        await shop.Api.GetAsync(Page);
        Answer get = (await shop.Api.GetAsync(Page, null, ("Accept-Encoding", coding))).Is(HttpStatusCode.OK);
        Answer head = (await shop.Api.SendAsync(HttpMethod.Head, Page, null, null, ("Accept-Encoding", coding))).Is(HttpStatusCode.OK);
        Assert.Empty(head.Body);
        Assert.Equal(Comparable(get), Comparable(head));

        static IEnumerable<(string, string)> Comparable(Answer answer) => answer.ComparableHeaders.Where(header => header.Name != "Age");
    }

    [Fact]
    public async Task A_tag_of_any_coding_spares_the_body_of_every_other()
    {
        string[] codings = ["identity", "br", "gzip"];
        List<string> tags = [];
        foreach (string coding in codings)
            tags.Add((await shop.Api.GetAsync(Page, null, ("Accept-Encoding", coding))).ETag!);

        foreach (string coding in codings)
        {
            foreach (string tag in tags)
            {
                Answer spared = (await shop.Api.GetAsync(Page, null, ("Accept-Encoding", coding), ("If-None-Match", $"\"x\", W/{tag}"))).Is(HttpStatusCode.NotModified);
                Assert.Equal((tag, "Accept-Encoding"), (spared.ETag, spared["Vary"]));
            }
        }

        (await shop.Api.GetAsync(Page, null, ("If-None-Match", tags[0][..^1] + "-zz\""))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_write_takes_the_tag_of_the_coding_that_was_read()
    {
        const string Path = "/api/v1/products/41";
        await shop.QueryAsync<int>("update products set description = repeat('Lovely. ', 300) where id = 41");
        foreach (string coding in (string[])["br", "gzip"])
        {
            Answer read = (await shop.Api.GetAsync(Path, null, ("Accept-Encoding", coding))).Is(HttpStatusCode.OK);
            Assert.Equal(coding, read["Content-Encoding"]);
            (await shop.Api.PutAsync(Path, Writer, """{"name": "New", "price": 1}""", ("If-Match", read.ETag!))).Is(HttpStatusCode.OK);
            (await shop.Api.PutAsync(Path, Writer, """{"name": "Newer", "price": 1}""", ("If-Match", read.ETag!)))
                .IsProblem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        }
    }

    [Theory]
    [InlineData("/api/v1/users/{user}/orders?limit=100", "Authorization")]
    [InlineData("/api/v1/products/42", null)]
    [InlineData("/api/v1/products?limit=2", null)]
    [InlineData("/api/ops/status", null)]
    public async Task What_is_one_callers_or_small_is_sent_as_it_is(string path, string? vary)
    {
        await shop.QueryAsync<int>(
            "insert into orders (user_id, status, total_amount, created_at) select 43, 'paid', 1, '2001-01-01T00:00:00Z' from generate_series(1, 50)");
        Answer answer = (await shop.Api.GetAsync(path.Replace("{user}", "43", StringComparison.Ordinal), Reader, ("Accept-Encoding", "br, gzip, identity;q=0"))).Is(HttpStatusCode.OK);
        Assert.Null(answer["Content-Encoding"]);
        Assert.Equal(vary, answer["Vary"]);
        Assert.True(vary is null || answer.Body.Length > Representation.LeastToPack, "too small to be packed anyway");
    }
}
