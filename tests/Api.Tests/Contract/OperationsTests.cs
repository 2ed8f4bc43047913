using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class OperationsTests(Shop shop) : IClassFixture<Shop>
{
    private const string Status = "/api/ops/status";
    private const string Primary = "/api/ops/breakers/postgres-primary";
    private const string Auto = """{"state": "auto"}""";

    [Fact]
    public async Task Tells_what_the_instance_knows()
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        Answer answer = (await shop.Api.GetAsync(Status)).Is(HttpStatusCode.OK);

        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal(["instance", "startedAt", "cache", "redis", "breakers", "postgres", "limits", "diagnosis", "version"], answer.Fields());
        Assert.Equal(["l1Hits", "l2Hits", "misses", "stale", "hitRatio"], Fields(answer.Json.GetProperty("cache")));
        Assert.Equal("""{"state":"reachable"}""", answer.Json.GetProperty("redis").GetRawText());
        Assert.Equal(
            ["name", "state", "epoch", "reason", "openUntil", "forced", "forcedUntil", "by", "live", "local", "shared"], Fields(Breaker(answer)));
        JsonElement server = Assert.Single(answer.Json.GetProperty("postgres").EnumerateArray());
        Assert.Equal(["name", "role", "state", "lagMs", "busy", "idle", "max"], Fields(server));
        Assert.Equal(("postgres-primary", "primary"), (server.GetProperty("name").GetString(), server.GetProperty("role").GetString()));

        // No place for reports is set.
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("diagnosis").ValueKind);

        JsonElement limits = answer.Json.GetProperty("limits");
        Assert.Equal("""{"running":0,"waiting":0,"limit":10,"fleetLimit":20}""", limits.GetProperty("heavyQueries").GetRawText());
        Assert.Equal(["ip", "api"], limits.GetProperty("rateLimits").EnumerateArray().Select(policy => Text(policy, "policy")));
        Assert.Equal(["policy", "permits", "windowSeconds", "callers", "refused"], Fields(limits.GetProperty("rateLimits")[0]));

        Answer again = await shop.Api.GetAsync(Status), ofOther = await other.GetAsync(Status);
        Assert.Equal(Text(answer.Json, "instance"), Text(again.Json, "instance"));
        Assert.Equal(Text(answer.Json, "startedAt"), Text(again.Json, "startedAt"));
        Assert.NotEqual(Text(answer.Json, "instance"), Text(ofOther.Json, "instance"));
        Assert.True(ofOther.Json.GetProperty("startedAt").GetDateTimeOffset() > answer.Json.GetProperty("startedAt").GetDateTimeOffset());

        static IEnumerable<string> Fields(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public async Task Head_answers_as_get_does_without_the_body()
    {
        Answer get = await shop.Api.GetAsync(Status);
        Answer head = await shop.Api.SendAsync(HttpMethod.Head, Status, null, body: null);

        Assert.Empty(head.Body);
        Assert.Equal(get.Status, head.Status);
        // What is counted grows, and the length with it.
        Assert.Equal(get.ComparableHeaders.Where(header => header.Name != "Content-Length"), head.ComparableHeaders.Where(header => header.Name != "Content-Length"));
        Assert.True(int.Parse(head["Content-Length"]!, CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task Counts_answers_by_where_they_came_from()
    {
        await using ApiInstance one = await ApiInstance.StartAsync(shop.Database, shop.Redis), other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        Assert.Equal("""{"l1Hits":0,"l2Hits":0,"misses":0,"stale":0,"hitRatio":null}""", await CacheAsync(one));

        for (int i = 0; i < 3; i++)
            await one.GetAsync("/api/v1/products/301");
        await one.GetAsync("/api/v1/products/999999");
        await other.GetAsync("/api/v1/products/301");
        await other.GetAsync("/api/v1/products/301");

        Assert.Equal("""{"l1Hits":2,"l2Hits":0,"misses":2,"stale":0,"hitRatio":0.5}""", await CacheAsync(one));
        Assert.Equal("""{"l1Hits":1,"l2Hits":1,"misses":0,"stale":0,"hitRatio":1}""", await CacheAsync(other));

        static async Task<string> CacheAsync(ApiInstance api) => (await api.GetAsync(Status)).Json.GetProperty("cache").GetRawText();
    }

    [Fact]
    public async Task Answers_whatever_is_away()
    {
        string nowhere = new NpgsqlConnectionStringBuilder(shop.Database) { Port = 9 }.ConnectionString;
        await using ApiInstance without = await ApiInstance.StartAsync(nowhere, "");
        await using ApiInstance away = await ApiInstance.StartAsync(nowhere, "127.0.0.1:9");

        foreach ((ApiInstance api, string redis) in ((ApiInstance, string)[])[(without, "none"), (away, "unreachable")])
        {
            for (int i = 1; i <= 6; i++)
                await api.GetAsync($"/api/v1/products/{i}");
            Answer answer = (await api.GetAsync(Status)).Is(HttpStatusCode.OK);
            Assert.Equal(redis, Text(answer.Json.GetProperty("redis"), "state"));

            // Nobody to share it with: the instance's own breaker, which has had enough.
            JsonElement breaker = Breaker(answer);
            Assert.Equal(("open", "open"), (Text(breaker, "state"), Text(breaker.GetProperty("local"), "state")));
            Assert.Contains("calls failed", Text(breaker, "reason"), StringComparison.Ordinal);
            Assert.NotNull(Text(breaker, "openUntil"));
            Assert.False(breaker.GetProperty("shared").GetBoolean());
            Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (breaker.GetProperty("live").ValueKind, breaker.GetProperty("by").ValueKind));
            Assert.Equal("broken", Text(answer.Json.GetProperty("postgres")[0], "state"));
            NothingHasChanged(await api.PostAsync(Primary, """{"state": "open", "for": "00:00:01"}"""));
        }
    }

    [Fact]
    public async Task Needs_a_function_key_where_keys_are_asked_for()
    {
        const string Key = "dGhlIGtleSBvZiB0aGUgaG91c2U=";
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, shop.Redis, Key);
        string token = TestToken.WithRoles(TestToken.CatalogWrite);
        foreach ((string Name, string Value)[] headers in ((string, string)[][])[[], [("x-functions-key", "another")], [("x-functions-key", "")]])
        {
            Assert.Empty((await api.GetAsync(Status, token, headers)).Is(HttpStatusCode.Unauthorized).Body);
            Assert.Empty((await api.SendAsync(HttpMethod.Head, Status, token, null, headers)).Is(HttpStatusCode.Unauthorized).Body);
            Assert.Empty((await api.PostAsync(Primary, Auto, token, headers)).Is(HttpStatusCode.Unauthorized).Body);
            Assert.Empty((await api.PostAsync("/api/ops/breakers/x", Auto, token, headers)).Is(HttpStatusCode.Unauthorized).Body);
        }

        (await api.GetAsync(Status, null, ("x-functions-key", Key))).Is(HttpStatusCode.OK);
        (await api.GetAsync($"{Status}?code={Uri.EscapeDataString(Key)}")).Is(HttpStatusCode.OK);
        (await api.PostAsync(Primary, Auto, null, ("x-functions-key", Key))).Is(HttpStatusCode.OK);
        (await api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(api.Logs.GetSnapshot(), record => record.Message.Contains(Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("state", """{"for": "00:05:00"}""")]
    [InlineData("state", """{"state": null, "for": "00:05:00"}""")]
    [InlineData("state", """{"state": 1, "for": "00:05:00"}""")]
    [InlineData("state", """{"state": "", "for": "00:05:00"}""")]
    [InlineData("state", """{"state": "half-open", "for": "00:05:00"}""")]
    [InlineData("state", """{"state": "Open", "for": "00:05:00"}""")]
    [InlineData("state", """{"state": " open", "for": "00:05:00"}""")]
    [InlineData("state", """{"state": "open\u0000", "for": "00:05:00"}""")]
    [InlineData("for", """{"state": "open"}""")]
    [InlineData("for", """{"state": "closed"}""")]
    [InlineData("for", """{"state": "open", "for": null}""")]
    [InlineData("for", """{"state": "open", "for": 300}""")]
    [InlineData("for", """{"state": "open", "for": ""}""")]
    [InlineData("for", """{"state": "open", "for": "00:00:00"}""")]
    [InlineData("for", """{"state": "open", "for": "00:00:00.0000001"}""")]
    [InlineData("for", """{"state": "open", "for": "-00:05:00"}""")]
    [InlineData("for", """{"state": "open", "for": "1.00:00:01"}""")]
    [InlineData("for", """{"state": "open", "for": "24:00:00"}""")]
    [InlineData("for", """{"state": "open", "for": "10675199.02:48:05.4775807"}""")]
    [InlineData("for", """{"state": "open", "for": "99999999999999999999.00:00:00"}""")]
    [InlineData("for", """{"state": "open", "for": "00:60:00"}""")]
    [InlineData("for", """{"state": "open", "for": "5"}""")]
    [InlineData("for", """{"state": "open", "for": "05:00"}""")]
    [InlineData("for", """{"state": "open", "for": "PT5M"}""")]
    [InlineData("for", """{"state": "open", "for": " 00:05:00"}""")]
    [InlineData("for", """{"state": "open", "for": "00:05:00\n"}""")]
    [InlineData("for", """{"state": "auto", "for": "00:05:00"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": ""}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "  "}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "-"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "a\nb"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "a\u0085b"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "a\u2028b"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "a\u202eb"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": "a\ud800b"}""")]
    [InlineData("reason", """{"state": "open", "for": "00:05:00", "reason": ["a"]}""")]
    [InlineData("by", """{"state": "auto", "by": ""}""")]
    [InlineData("by", """{"state": "auto", "by": "-"}""")]
    [InlineData("by", """{"state": "auto", "by": "a\r\nb"}""")]
    [InlineData("by", """{"state": "auto", "by": 7}""")]
    [InlineData("epoch", """{"state": "auto", "epoch": 7}""")]
    [InlineData("State", """{"State": "auto"}""")]
    [InlineData("state", """{"state": "auto", "state": "auto"}""")]
    [InlineData("body", "")]
    [InlineData("body", "null")]
    [InlineData("body", "[]")]
    [InlineData("body", "\"auto\"")]
    [InlineData("body", "{")]
    [InlineData("body", """{"state": "auto"} more""")]
    public async Task An_order_that_is_not_right_is_a_400_that_names_what(string named, string body)
    {
        long before = await KnownEpochAsync(shop.Api);
        (await shop.Api.PostAsync(Primary, body)).IsBadRequest(named);
        JsonElement after = Breaker(await shop.Api.GetAsync(Status));
        Assert.Equal((before, "closed"), (Epoch(after), Text(after, "state")));
    }

    [Fact]
    public async Task Who_and_why_may_have_100_and_200_characters_and_no_more()
    {
        foreach ((string name, int most) in ((string, int)[])[("by", 100), ("reason", 200)])
        {
            (await shop.Api.PostAsync(Primary, Body(most))).Is(HttpStatusCode.OK);
            (await shop.Api.PostAsync(Primary, Body(most + 1))).IsBadRequest(name);

            string Body(int length) => $$"""{"state": "auto", "{{name}}": "{{new string('ä', length)}}"}""";
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("")]
    public async Task An_order_that_is_no_json_in_utf8_is_a_415(string contentType)
    {
        using ByteArrayContent body = new("""{"state": "auto"}"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        (await shop.Api.SendAsync(HttpMethod.Post, Primary, null, body)).IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task An_order_over_16_KiB_is_a_413()
    {
        (await shop.Api.PostAsync(Primary, Auto.PadRight(16 * 1024))).Is(HttpStatusCode.OK);
        (await shop.Api.PostAsync(Primary, Auto.PadRight(16 * 1024 + 1))).IsProblem(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("postgres-replica-1")]
    [InlineData("POSTGRES-PRIMARY")]
    [InlineData("postgres-primary%20")]
    [InlineData("%0d%0aSet-Cookie:a=b")]
    [InlineData("..%2fstatus")]
    public async Task A_breaker_that_there_is_not_is_a_404_that_names_those_that_there_are(string name)
    {
        Answer answer = await shop.Api.PostAsync($"/api/ops/breakers/{name}", Auto);
        answer.IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Contains("postgres-primary", Text(answer.Json, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Held_open_it_lets_no_read_through_until_the_order_ends_by_itself()
    {
        await using OwnShop own = await OwnShop.StartAsync(shop);
        await own.Api.GetAsync("/api/v1/products/1");
        long before = await KnownEpochAsync(own.Api);
        DateTimeOffset asked = DateTimeOffset.UtcNow;

        Answer order = (await own.Api.PostAsync(
            Primary, """{"state": "open", "for": "00:00:05.5", "reason": " failover — at noon ", "by": "Ada"}""")).Is(HttpStatusCode.OK);

        Assert.Equal("no-store", order["Cache-Control"]);
        JsonElement breaker = order.Json;
        Assert.Equal(("postgres-primary", "open", before + 1), (Text(breaker, "name"), Text(breaker, "state"), Epoch(breaker)));
        Assert.Equal(("failover — at noon", "Ada", true), (Text(breaker, "reason"), Text(breaker, "by"), breaker.GetProperty("forced").GetBoolean()));
        DateTimeOffset until = breaker.GetProperty("openUntil").GetDateTimeOffset();
        Assert.InRange(until, asked + TimeSpan.FromSeconds(5), DateTimeOffset.UtcNow + TimeSpan.FromSeconds(6));
        Assert.Equal(Text(breaker, "openUntil"), Text(breaker, "forcedUntil"));
        Assert.Equal(TimeSpan.Zero, until.Offset);

        Answer cold = await own.Api.GetAsync("/api/v1/products/2");
        cold.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.InRange(int.Parse(cold["Retry-After"]!, CultureInfo.InvariantCulture), 1, 6);
        (await own.Api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.OK);
        Assert.Equal("broken", Text((await own.Api.GetAsync(Status)).Json.GetProperty("postgres")[0], "state"));

        await BecomesAsync(own.Api, "closed", forced: false);
        Assert.True(DateTimeOffset.UtcNow >= until - TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(
            async () => (await own.Api.GetAsync("/api/v1/products/2")).Status == HttpStatusCode.OK, "reads pass again", TestContext.Current.CancellationToken);
        Assert.Contains(own.Api.Logs.GetSnapshot(), record =>
            record.Level == LogLevel.Warning && record.Message.Contains("ordered to be open for 00:00:05.5", StringComparison.Ordinal)
            && record.Message.Contains("by Ada: failover — at noon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Given_back_it_is_probed_and_closes_and_may_be_given_back_again()
    {
        await using OwnShop own = await OwnShop.StartAsync(shop);
        (await own.Api.PostAsync(Primary, """{"state": "open", "for": "1.00:00:00"}""")).Is(HttpStatusCode.OK);

        JsonElement back = (await own.Api.PostAsync(Primary, """{"state": "auto", "reason": "over", "for": null}""")).Is(HttpStatusCode.OK).Json;

        Assert.False(back.GetProperty("forced").GetBoolean());
        Assert.Equal(JsonValueKind.Null, back.GetProperty("openUntil").ValueKind);
        await BecomesAsync(own.Api, "closed", forced: false);
        await Eventually.HoldsAsync(
            async () => (await own.Api.GetAsync("/api/v1/products/2")).Status == HttpStatusCode.OK, "reads pass again", TestContext.Current.CancellationToken);

        long epoch = Epoch(Breaker(await own.Api.GetAsync(Status)));
        Assert.Equal(epoch, Epoch((await own.Api.PostAsync(Primary, Auto)).Is(HttpStatusCode.OK).Json));
    }

    [Fact]
    public async Task Held_closed_it_lets_reads_try_a_server_that_is_away_until_the_order_ends()
    {
        await using OwnShop own = await OwnShop.StartAsync(shop, hasDatabase: false);
        await FailAsync();
        await Eventually.HoldsAsync(async () =>
        {
            JsonElement breaker = Breaker(await own.Api.GetAsync(Status));
            return Text(breaker, "state") == "open" || Text(breaker.GetProperty("local"), "state") == "open";
        }, "a breaker is open", TestContext.Current.CancellationToken);

        JsonElement held = (await own.Api.PostAsync(Primary, """{"state": "closed", "for": "00:00:03"}""")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(("closed", true), (Text(held, "state"), held.GetProperty("forced").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, held.GetProperty("openUntil").ValueKind);
        Assert.Equal("down", Text((await own.Api.GetAsync(Status)).Json.GetProperty("postgres")[0], "state"));
        await FailAsync();
        Assert.Equal("closed", Text(Breaker(await own.Api.GetAsync(Status)), "state"));
        await Eventually.HoldsAsync(
            async () => !Breaker(await own.Api.GetAsync(Status)).GetProperty("forced").GetBoolean(), "the order ends", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () =>
        {
            await FailAsync();
            return Text((await own.Api.GetAsync(Status)).Json.GetProperty("postgres")[0], "state") == "broken";
        }, "the evidence counts again", TestContext.Current.CancellationToken);

        async Task FailAsync()
        {
            for (int product = 1; product <= 6; product++)
                (await own.Api.GetAsync($"/api/v1/products/{product}")).Is(HttpStatusCode.ServiceUnavailable);
        }
    }

    [Fact]
    public async Task Who_gave_it_is_who_says_so_or_the_token_or_the_address()
    {
        await using OwnShop own = await OwnShop.StartAsync(shop);
        string user = TestToken.ForUser(7);
        Assert.Equal("Ada", await ByAsync(user, ", \"by\": \" Ada \""));
        Assert.Equal("7", await ByAsync(user));
        Assert.Equal("function key from 127.0.0.1", await ByAsync(token: null));
        Assert.Equal("function key from 127.0.0.1", await ByAsync(TestToken.Forged(7)));
        Assert.Equal("function key from 127.0.0.1", await ByAsync(TestToken.Expired(7)));
        Assert.Equal("function key from 127.0.0.1", await ByAsync(TestToken.WithRoles(TestToken.CatalogWrite)));

        async Task<string?> ByAsync(string? token, string more = "") => Text(
            (await own.Api.PostAsync(Primary, $$"""{"state": "closed", "for": "00:01:00"{{more}}}""", token)).Is(HttpStatusCode.OK).Json, "by");
    }

    [Fact]
    public async Task While_redis_is_away_nothing_changes_and_the_answer_says_so()
    {
        await using OwnShop own = await OwnShop.StartAsync(shop);
        await own.Redis.KillAsync();
        await Eventually.HoldsAsync(
            async () => Text((await own.Api.GetAsync(Status)).Json.GetProperty("redis"), "state") == "unreachable",
            "Redis is missed",
            TestContext.Current.CancellationToken);

        NothingHasChanged(await own.Api.PostAsync(Primary, """{"state": "open", "for": "00:05:00"}"""));

        (await own.Api.GetAsync("/api/v1/products/3")).Is(HttpStatusCode.OK);
        await own.Redis.RestartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            async () => (await own.Api.PostAsync(Primary, """{"state": "open", "for": "00:05:00"}""")).Status == HttpStatusCode.OK,
            "Redis is back and takes orders",
            TestContext.Current.CancellationToken);
    }

    private static void NothingHasChanged(Answer answer)
    {
        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal("1", answer["Retry-After"]);
        Assert.EndsWith("Nothing has changed.", Text(answer.Json, "detail"), StringComparison.Ordinal);
    }

    private static Task BecomesAsync(ApiInstance api, string state, bool forced) => Eventually.HoldsAsync(
        async () => Breaker(await api.GetAsync(Status)) is var breaker
            && Text(breaker, "state") == state && breaker.GetProperty("forced").GetBoolean() == forced,
        $"the breaker is {state}",
        TestContext.Current.CancellationToken);

    private static JsonElement Breaker(Answer status) => Assert.Single(status.Json.GetProperty("breakers").EnumerateArray());

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();

    /// <summary>An instance's first report may be what makes the breaker, and an epoch with it.</summary>
    private static async Task<long> KnownEpochAsync(ApiInstance api)
    {
        await Eventually.HoldsAsync(
            async () => Breaker(await api.GetAsync(Status)).GetProperty("shared").GetBoolean(), "the fleet's state is known", TestContext.Current.CancellationToken);
        return Epoch(Breaker(await api.GetAsync(Status)));
    }

    private static long Epoch(JsonElement breaker) => breaker.GetProperty("epoch").GetInt64();

    /// <summary>An Api with a Redis of its own, whose breakers no other test holds.</summary>
    private sealed class OwnShop(TestRedis redis, ApiInstance api) : IAsyncDisposable
    {
        public TestRedis Redis => redis;

        public ApiInstance Api => api;

        public static async Task<OwnShop> StartAsync(Shop shop, bool hasDatabase = true)
        {
            TestRedis redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
            string database = hasDatabase ? shop.Database : new NpgsqlConnectionStringBuilder(shop.Database) { Port = 9 }.ConnectionString;
            return new OwnShop(redis, await ApiInstance.StartAsync(database, redis.Connection));
        }

        public async ValueTask DisposeAsync()
        {
            await api.DisposeAsync();
            await redis.DisposeAsync();
        }
    }
}
