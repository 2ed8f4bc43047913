using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>Every answer, problem and log line of a request has one name; the caller's where it is sound.</summary>
public sealed class CorrelationTests(Shop shop) : IClassFixture<Shop>
{
    private const string Header = "X-Correlation-Id";
    private const string Product = "/api/v1/products/1";

    [Theory]
    [InlineData("GET", Product, "", HttpStatusCode.OK)]
    [InlineData("HEAD", Product, "", HttpStatusCode.OK)]
    [InlineData("GET", Product, "*", HttpStatusCode.NotModified)]
    [InlineData("GET", "/api/v1/products/999999", "", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/products?limit=0", "", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/api/v1/orders/1", "", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "/api/health/live", "", HttpStatusCode.OK)]
    [InlineData("GET", "/api/docs", "", HttpStatusCode.OK)]
    public async Task The_callers_own_is_on_the_answer(string method, string path, string condition, HttpStatusCode status)
    {
        (string, string)[] headers = condition.Length == 0 ? [(Header, "order-17.a_b:c")] : [(Header, "order-17.a_b:c"), ("If-None-Match", condition)];
        Answer answer = (await shop.Api.SendAsync(new HttpMethod(method), path, null, null, headers)).Is(status);

        Assert.Equal("order-17.a_b:c", answer[Header]);
        if ((int)status >= 400)
            Assert.Equal("order-17.a_b:c", answer.Json.GetProperty("correlationId").GetString());
    }

    [Fact]
    public async Task A_refusal_has_it_too()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, "", ("RateLimits:Ip:Permits", 1));
        (await api.GetAsync(Product)).Is(HttpStatusCode.OK);
        Answer refused = (await api.GetAsync(Product, null, (Header, "too-many"))).Is(HttpStatusCode.TooManyRequests);
        Assert.Equal("too-many", refused[Header]);
        Assert.Equal("too-many", refused.Json.GetProperty("correlationId").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    [InlineData("a,b")]
    [InlineData("a\"b")]
    [InlineData("{CorrelationId}")]
    [InlineData("<script>")]
    [InlineData("%0d%0aadmin")]
    public async Task Another_that_is_not_sound_is_replaced(string sent) => IsNew(await shop.Api.GetAsync(Product, null, (Header, sent)), sent);

    [Fact]
    public async Task It_may_have_128_characters_and_be_sent_once()
    {
        string longest = new('a', 128);
        Assert.Equal(longest, (await shop.Api.GetAsync(Product, null, (Header, longest)))[Header]);
        IsNew(await shop.Api.GetAsync(Product, null, (Header, longest + "a")), longest);
        IsNew(await shop.Api.GetAsync(Product, null, (Header, "one"), (Header, "two")), "one");
    }

    [Fact]
    public async Task Without_one_it_is_that_of_the_trace_which_is_tagged_with_it()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        string traceParent = $"00-{Trace}-b7ad6b7169203331-01";
        List<string?> tags = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (tags)
                {
                    if (activity.TraceId.ToHexString() == Trace)
                        tags.Add((string?)activity.GetTagItem("correlation.id"));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        Assert.Equal(Trace, (await shop.Api.GetAsync(Product, null, ("traceparent", traceParent)))[Header]);
        Assert.Equal("mine", (await shop.Api.GetAsync(Product, null, ("traceparent", traceParent), (Header, "mine")))[Header]);
        await Eventually.HoldsAsync(() => { lock (tags) return Task.FromResult(tags.Count == 2); }, "both have ended", TestContext.Current.CancellationToken);
        Assert.Equal([Trace, "mine"], tags.Order());
    }

    [Fact]
    public async Task Every_line_that_a_request_logs_has_it_in_its_scope()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(
            shop.Database, shop.Redis, ("Logging:LogLevel:Microsoft.AspNetCore.Authentication", "Information"));
        (await api.GetAsync("/api/v1/orders/1", TestToken.Expired(1), (Header, "expired-1"))).Is(HttpStatusCode.Unauthorized);
        (await api.GetAsync("/api/v1/orders/1", TestToken.Expired(1), (Header, "expired-2"))).Is(HttpStatusCode.Unauthorized);

        FakeLogRecord[] lines = [.. api.Logs.GetSnapshot().Where(line => line.Category!.Contains("JwtBearer", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Single(IdsOf(line)));
        Assert.Equal(["expired-1", "expired-2"], lines.SelectMany(IdsOf).Distinct());
        Assert.Contains(lines, line => line.Message.Contains("challenged", StringComparison.Ordinal));

        static IEnumerable<string?> IdsOf(FakeLogRecord line) =>
            from scope in line.Scopes.OfType<IEnumerable<KeyValuePair<string, object?>>>()
            from item in scope
            where item.Key == "CorrelationId"
            select (string?)item.Value;
    }

    private static void IsNew(Answer answer, string sent)
    {
        answer.Is(HttpStatusCode.OK);
        Assert.Matches("^[0-9a-f]{32}$", answer[Header]);
        Assert.NotEqual(sent, answer[Header]);
    }
}
