using System.Net;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class ProductWriteTests(Shop shop) : IClassFixture<Shop>
{
    private static readonly string Writer = TestToken.WithRoles(TestToken.CatalogWrite);

    [Fact]
    public async Task Is_there_for_the_next_read_with_its_new_tag()
    {
        Answer before = (await shop.Api.GetAsync("/api/v1/products/10")).Is(HttpStatusCode.OK);
        Answer written = (await shop.Api.PutAsync("/api/v1/products/10", Writer,
            """{"name": " Tea set \u2615 ", "price": 19.9}""")).Is(HttpStatusCode.OK);
        Answer after = (await shop.Api.GetAsync("/api/v1/products/10")).Is(HttpStatusCode.OK);

        Assert.Equal("Tea set ☕", written.Json.GetProperty("name").GetString());
        Assert.Equal("19.90", written.Json.GetProperty("price").GetRawText());
        Assert.Equal(before.Json.GetProperty("version").GetInt64() + 1, written.Json.GetProperty("version").GetInt64());
        Assert.True(written.Json.GetProperty("updatedAt").GetDateTimeOffset() > before.Json.GetProperty("updatedAt").GetDateTimeOffset());
        Assert.Equal("no-store", written["Cache-Control"]);
        Assert.NotEqual(before.ETag, written.ETag);
        Assert.Equal(written.ETag, after.ETag);
        Assert.Equal(written.Text, after.Text);
        Assert.Equal("Tea set ☕|19.90", await shop.OneAsync<string>("select name || '|' || price from products where id = 10"));
    }

    [Fact]
    public async Task Is_seen_by_other_instances()
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        await other.GetAsync("/api/v1/products/11");
        Answer written = await shop.Api.PutAsync("/api/v1/products/11", Writer, """{"name": "New", "price": 1}""");

        await Eventually.HoldsAsync(
            async () => (await other.GetAsync("/api/v1/products/11")).ETag == written.ETag, "the other instance has the new row",
                TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Happens_only_over_a_version_that_the_client_has_seen()
    {
        string first = (await shop.Api.GetAsync("/api/v1/products/12")).ETag!;
        Answer second = (await Put(first)).Is(HttpStatusCode.OK);

        (await Put(first)).IsProblem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        // If-Match compares strongly, so a weak tag never matches.
        (await Put($"W/{second.ETag}")).IsProblem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        (await Put("\"other\"")).IsProblem(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal(second.ETag, (await shop.Api.GetAsync("/api/v1/products/12")).ETag);

        Answer third = (await Put($"\"other\", {first}, {second.ETag}")).Is(HttpStatusCode.OK);
        Answer fourth = (await Put("*")).Is(HttpStatusCode.OK);
        Assert.Equal(second.Json.GetProperty("version").GetInt64() + 1, third.Json.GetProperty("version").GetInt64());
        Assert.Equal(second.Json.GetProperty("version").GetInt64() + 2, fourth.Json.GetProperty("version").GetInt64());

        Task<Answer> Put(string ifMatch) =>
            shop.Api.PutAsync("/api/v1/products/12", Writer, """{"name": "Cup", "price": 3}""", ("If-Match", ifMatch));
    }

    [Theory]
    [InlineData("If-Match", "")]
    [InlineData("If-Match", "no-quotes")]
    [InlineData("If-Match", "\"open")]
    [InlineData("If-Match", "\"a\" \"b\"")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-None-Match", "\"1-0123456789ab\"")]
    public async Task A_precondition_that_cannot_be_kept_is_a_400_and_writes_nothing(string header, string value)
    {
        Answer before = await shop.Api.GetAsync("/api/v1/products/13");
        (await shop.Api.PutAsync("/api/v1/products/13", Writer, """{"name": "Cup", "price": 3}""", (header, value))).IsBadRequest(header);
        Assert.Equal(before.Json.GetProperty("version").GetInt64(),
            await shop.OneAsync<long>("select version from products where id = 13"));
    }

    [Theory]
    [InlineData("name", """{"price": 1}""")]
    [InlineData("name", """{"name": null, "price": 1}""")]
    [InlineData("name", """{"name": "", "price": 1}""")]
    [InlineData("name", """{"name": "   ", "price": 1}""")]
    [InlineData("name", """{"name": "a\u0000b", "price": 1}""")]
    [InlineData("name", """{"name": "a\nb", "price": 1}""")]
    [InlineData("name", """{"name": "\ud800", "price": 1}""")]
    [InlineData("name", """{"name": 5, "price": 1}""")]
    [InlineData("name", """{"name": ["a"], "price": 1}""")]
    [InlineData("price", """{"name": "a"}""")]
    [InlineData("price", """{"name": "a", "price": null}""")]
    [InlineData("price", """{"name": "a", "price": "1"}""")]
    [InlineData("price", """{"name": "a", "price": -0.01}""")]
    [InlineData("price", """{"name": "a", "price": 0.001}""")]
    [InlineData("price", """{"name": "a", "price": 10000000000}""")]
    [InlineData("price", """{"name": "a", "price": 1e400}""")]
    [InlineData("price", """{"name": "a", "price": {}}""")]
    [InlineData("version", """{"name": "a", "price": 1, "version": 1}""")]
    [InlineData("price", """{"name": "a", "price": 1, "price": 2}""")]
    [InlineData("body", "")]
    [InlineData("body", "null")]
    [InlineData("body", "[]")]
    [InlineData("body", "\"text\"")]
    [InlineData("body", "{")]
    [InlineData("body", """{"name": "a", "price": 1} more""")]
    public async Task A_body_that_is_not_right_is_a_400_that_names_what(string named, string body) =>
        (await shop.Api.PutAsync("/api/v1/products/14", Writer, body)).IsBadRequest(named);

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0.00")]
    [InlineData("1.10")]
    [InlineData("2e2")]
    [InlineData("9999999999.99")]
    public async Task A_price_may_be_anything_that_the_database_holds(string price)
    {
        Answer written = (await shop.Api.PutAsync("/api/v1/products/15", Writer,
            $$"""{"name": "a", "price": {{price}}}""")).Is(HttpStatusCode.OK);
        Assert.Equal(await shop.OneAsync<decimal>("select price from products where id = 15"),
            written.Json.GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task A_name_may_have_200_characters_and_no_more()
    {
        foreach ((int length, bool allowed) in ((int, bool)[])[(200, true), (201, false)])
        {
            Answer answer = await shop.Api.PutAsync("/api/v1/products/16", Writer,
                $$"""{"name": "{{new string('ä', length)}}", "price": 1}""");
            if (allowed)
                answer.Is(HttpStatusCode.OK);
            else
                answer.IsBadRequest("name");
        }
    }

    [Fact]
    public async Task Of_nothing_is_a_404()
    {
        (await shop.Api.PutAsync("/api/v1/products/999999", Writer,
            """{"name": "a", "price": 1}""")).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await shop.Api.PutAsync("/api/v1/products/999999", Writer, """{"name": "a", "price": 1}""", ("If-Match", "*")))
            .IsProblem(HttpStatusCode.NotFound, "not-found");
        (await shop.Api.PutAsync("/api/v1/products/x", Writer, """{"name": "a", "price": 1}""")).IsBadRequest("id");
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/x-www-form-urlencoded", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("application/json; charset=latin1", null)]
    [InlineData("", null)]
    [InlineData("json", null)]
    [InlineData("application/json", "gzip")]
    public async Task A_body_that_is_no_json_in_utf8_is_a_415(string contentType, string? encoding)
    {
        using ByteArrayContent body = new("""{"name": "a", "price": 1}"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (encoding is not null)
            body.Headers.ContentEncoding.Add(encoding);
        Answer answer = await shop.Api.SendAsync(HttpMethod.Put, "/api/v1/products/17", Writer, body);
        answer.IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=\"UTF-8\"")]
    [InlineData("Application/JSON")]
    public async Task Json_in_utf8_may_be_called_so_in_any_way(string contentType)
    {
        using ByteArrayContent body = new("""{"name": "a", "price": 1}"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        (await shop.Api.SendAsync(HttpMethod.Put, "/api/v1/products/18", Writer, body)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_16_KiB_is_a_413_whether_it_says_its_length_or_not(bool chunked)
    {
        foreach ((int bytes, HttpStatusCode status) in ((int, HttpStatusCode)[])
            [(16 * 1024, HttpStatusCode.OK), (16 * 1024 + 1, HttpStatusCode.RequestEntityTooLarge),
                (1_000_000, HttpStatusCode.RequestEntityTooLarge)])
        {
            using StringContent body = ApiInstance.Json("""{"name": "a", "price": 1}""".PadRight(bytes));
            using HttpContent content = chunked ? new ChunkedContent(body) : body;
            Answer answer = await shop.Api.SendAsync(HttpMethod.Put, "/api/v1/products/19", Writer, content);
            if (status == HttpStatusCode.OK)
                answer.Is(status);
            else
                answer.IsProblem(status, "body-too-large");
        }
    }

    /// <summary>Does not know its length, so that it is sent in chunks.</summary>
    private sealed class ChunkedContent : HttpContent
    {
        private readonly HttpContent _content;

        public ChunkedContent(HttpContent content)
        {
            _content = content;
            Headers.ContentType = content.Headers.ContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _content.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
