using System.Globalization;
using System.Net;
using System.Text.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>How often a caller may ask, as callers see it.</summary>
public sealed class RateLimitTests(Shop shop) : IClassFixture<Shop>
{
    private const string Product = "/api/v1/products/1";
    private const string OpenApi = "/api/openapi.json";
    private const string QuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    [Theory]
    [InlineData(Product, HttpStatusCode.OK)]
    [InlineData("/api/v1/products/nonsense", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/products/999999", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/users?email=a@example.org", HttpStatusCode.Unauthorized)]
    public async Task Every_answer_of_a_versioned_route_tells_of_both_limits(string path, HttpStatusCode status)
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 100);
        Answer answer = (await api.GetAsync(path)).Is(status);

        IReadOnlyList<RateLimitField> policies = RateLimitField.ReadList(answer["RateLimit-Policy"]);
        Assert.Equal(["ip", "api"], policies.Select(policy => policy.Name));
        Assert.Equal([(1_000L, 900L), (100L, 60L)], policies.Select(policy => (policy["q"], policy["w"])));
        IReadOnlyList<RateLimitField> limits = RateLimitField.ReadList(answer["RateLimit"]);
        Assert.Equal(["ip", "api"], limits.Select(limit => limit.Name));
        Assert.Equal([999L, 99L], limits.Select(limit => limit["r"]));
        Assert.All(limits.Zip(policies), pair => Assert.InRange(pair.First["t"], 1, pair.Second["w"]));
    }

    [Fact]
    public async Task Other_routes_tell_of_the_limit_of_addresses_and_those_for_health_of_none()
    {
        await using ApiInstance api = await StartAsync(ip: 1, perUser: 100);
        Answer document = (await api.GetAsync(OpenApi)).Is(HttpStatusCode.OK);
        Assert.Equal("\"ip\";q=1;w=900", document["RateLimit-Policy"]);
        Assert.Equal("ip", Assert.Single(RateLimitField.ReadList(document["RateLimit"])).Name);
        Refused(await api.GetAsync(OpenApi), "ip");

        for (int i = 0; i < 5; i++)
        {
            Answer live = (await api.GetAsync("/api/health/live")).Is(HttpStatusCode.OK);
            Assert.Null(live["RateLimit-Policy"]);
            Assert.Null(live["RateLimit"]);
        }
    }

    [Fact]
    public async Task What_is_left_counts_down_to_a_refusal_that_says_how_long_to_wait()
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 5, window: "00:00:02");
        for (int left = 4; left >= 0; left--)
            Assert.Equal(left, Left((await api.GetAsync(Product)).Is(HttpStatusCode.OK), "api"));

        Answer refused = Refused(await api.GetAsync(Product), "api");
        Assert.Equal(refused["Retry-After"], RateLimitField.ReadList(refused["RateLimit"])[1]["t"].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(["type", "title", "status", "detail", "correlationId", "violated-policies"], refused.Fields());

        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
        (await api.GetAsync(Product)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_redis_too()
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 5, window: "00:00:02", redis: "");
        for (int left = 4; left >= 0; left--)
            Assert.Equal(left, Left((await api.GetAsync(Product)).Is(HttpStatusCode.OK), "api"));

        Answer refused = Refused(await api.GetAsync(Product), "api");
        await Task.Delay(TimeSpan.FromSeconds(int.Parse(refused["Retry-After"]!, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken);
        (await api.GetAsync(Product)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task What_one_policy_refuses_does_not_use_up_the_other(string? redis)
    {
        await using ApiInstance api = await StartAsync(ip: 10, perUser: 2, redis: redis);
        for (int i = 0; i < 2; i++)
            (await api.GetAsync(Product)).Is(HttpStatusCode.OK);
        for (int i = 0; i < 50; i++)
            Refused(await api.GetAsync(Product), "api");

        for (int i = 0; i < 8; i++)
            (await api.GetAsync(OpenApi)).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(OpenApi), "ip");
        Refused(await api.GetAsync(Product), "ip", "api");
    }

    [Fact]
    public async Task Users_have_a_limit_each_wherever_they_call_from_and_an_address_one_for_all()
    {
        await using ApiInstance api = await StartAsync(ip: 6, perUser: 2, hops: 1);
        string ada = TestToken.ForUser(1), bob = TestToken.ForUser(2);
        (string, string) home = ("X-Forwarded-For", "203.0.113.1"), office = ("X-Forwarded-For", "203.0.113.2");

        (await api.GetAsync(Product, ada, home)).Is(HttpStatusCode.OK);
        (await api.GetAsync(Product, ada, office)).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, ada, home), "api");
        (await api.GetAsync(Product, bob, home)).Is(HttpStatusCode.OK);
        (await api.GetAsync(Product, bob, home)).Is(HttpStatusCode.OK);
        (await api.GetAsync(Product, token: null, home)).Is(HttpStatusCode.OK);
        // Whose token is no good is a caller without one.
        (await api.GetAsync(Product, TestToken.Forged(3), home)).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, TestToken.Forged(4), home), "api");
        (await api.GetAsync(Product, TestToken.ForUser(5), home)).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, TestToken.ForUser(6), home), "ip");
    }

    /// <summary>A token that was looked at would show in what is left: the user has spent of its own limit, the address has not.</summary>
    [Fact]
    public async Task The_token_of_an_address_over_its_limit_is_not_looked_at()
    {
        await using ApiInstance api = await StartAsync(ip: 2, perUser: 5);
        string ada = TestToken.ForUser(1);
        Assert.Equal(4, Left((await api.GetAsync(Product, ada)).Is(HttpStatusCode.OK), "api"));
        Assert.Equal(3, Left((await api.GetAsync(Product, ada)).Is(HttpStatusCode.OK), "api"));
        Refused(await api.GetAsync(Product, ada), "ip");

        Assert.Equal(4, Left(Refused(await api.GetAsync(Product, ada), "ip"), "api"));
    }

    [Fact]
    public async Task Spoofed_entries_make_no_new_clients()
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 3);
        for (int i = 0; i < 3; i++)
            (await api.GetAsync(Product, token: null, ("X-Forwarded-For", $"203.0.113.{i}"))).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, token: null, ("X-Forwarded-For", "203.0.113.99")), "api");
    }

    [Theory]
    [InlineData("203.0.113.7", "9.9.9.9, 203.0.113.7")]
    [InlineData("203.0.113.7", "nonsense,, 203.0.113.7:50123")]
    [InlineData("203.0.113.7", "1.1.1.1, ::ffff:203.0.113.7")]
    [InlineData("2001:db8:1:2::1", "[2001:db8:1:2:ffff::9]:50123")]
    [InlineData("2001:db8:1:2::1", "203.0.113.7, 2001:db8:1:2:aaaa:bbbb:cccc:dddd")]
    public async Task Behind_one_proxy_the_last_entry_is_the_client(string first, string again)
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 1, hops: 1);
        (await api.GetAsync(Product, token: null, ("X-Forwarded-For", first))).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, token: null, ("X-Forwarded-For", again)), "api");
        (await api.GetAsync(Product, token: null, ("X-Forwarded-For", "198.51.100.1"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Exempt_addresses_and_subjects_are_not_limited()
    {
        await using ApiInstance api = await StartAsync(
            ip: 1, perUser: 1, hops: 1, more: [("RateLimits:Exempt:0", "10.0.0.0/8"), ("RateLimits:Exempt:1", "sub:7")]);
        (string, string) inside = ("X-Forwarded-For", "10.1.2.3"), outside = ("X-Forwarded-For", "203.0.113.1");
        for (int i = 0; i < 5; i++)
        {
            Assert.Null((await api.GetAsync(Product, token: null, inside)).Is(HttpStatusCode.OK)["RateLimit"]);
            Assert.Null((await api.GetAsync(Product, TestToken.ForUser(7), outside)).Is(HttpStatusCode.OK)["RateLimit"]);
        }

        (await api.GetAsync(Product, token: null, outside)).Is(HttpStatusCode.OK);
        Refused(await api.GetAsync(Product, token: null, outside), "ip", "api");
        (await api.GetAsync(Product, TestToken.ForUser(7), outside)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task In_shadow_mode_nothing_is_refused_but_all_is_counted()
    {
        await using ApiInstance api = await StartAsync(ip: 1_000, perUser: 2, more: ("RateLimits:Shadow", "true"));
        for (int i = 0; i < 5; i++)
            (await api.GetAsync(Product)).Is(HttpStatusCode.OK);

        JsonElement status = (await api.GetAsync("/api/ops/status")).Is(HttpStatusCode.OK).Json;
        Assert.Equal([0, 3], status.GetProperty("limits").GetProperty("rateLimits").EnumerateArray().Select(policy => policy.GetProperty("refused").GetInt32()));
    }

    [Fact]
    public async Task Switched_off_nothing_is_limited_nor_told()
    {
        await using ApiInstance api = await StartAsync(ip: 1, perUser: 1, more: ("RateLimits:Enabled", "false"));
        for (int i = 0; i < 5; i++)
            Assert.Null((await api.GetAsync(Product)).Is(HttpStatusCode.OK)["RateLimit"]);
        JsonElement status = (await api.GetAsync("/api/ops/status")).Is(HttpStatusCode.OK).Json;
        Assert.Empty(status.GetProperty("limits").GetProperty("rateLimits").EnumerateArray());
    }

    private async Task<ApiInstance> StartAsync(
        int ip, int perUser, string window = "00:01:00", int hops = 0, string? redis = null, params (string Key, object Value)[] more)
    {
        // What is left of other tests, which call from the same address.
        await shop.FlushRedisAsync();
        return await ApiInstance.StartAsync(
            shop.Database, redis ?? shop.Redis,
            [
                ("RateLimits:Ip:Permits", ip), ("RateLimits:Api:Permits", perUser), ("RateLimits:Api:Window", window),
                ("RateLimits:TrustedProxyHops", hops), .. more,
            ]);
    }

    private static Answer Refused(Answer answer, params string[] policies)
    {
        answer.Is(HttpStatusCode.TooManyRequests);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal(QuotaExceeded, answer.Json.GetProperty("type").GetString());
        Assert.Equal(policies, answer.Json.GetProperty("violated-policies").EnumerateArray().Select(policy => policy.GetString()));
        Assert.True(int.Parse(answer["Retry-After"]!, CultureInfo.InvariantCulture) >= 1);
        Assert.All(policies, policy => Assert.Equal(0, Left(answer, policy)));
        return answer;
    }

    private static long Left(Answer answer, string policy) =>
        RateLimitField.ReadList(answer["RateLimit"]).Single(limit => limit.Name == policy)["r"];
}
