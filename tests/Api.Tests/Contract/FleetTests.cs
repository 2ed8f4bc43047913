using System.Globalization;
using System.Net;
using System.Text.Json;
using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class FleetTests(Shop shop) : IClassFixture<Shop>
{
    private const string Fleet = "/api/ops/fleet";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_what_every_instance_tells_the_one_that_answers_first()
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        string ofOther = await NameAsync(other), own = await NameAsync(shop.Api);
        Answer answer = await EventuallyAsync(shop.Api, fleet => Names(fleet).Contains(ofOther), "the other is told of");

        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal(["at", "instance", "complete", "instances", "cache", "requests"], answer.Fields());
        Assert.True(answer.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(own, answer.Json.GetProperty("instance").GetString());
        Assert.Equal(own, Names(answer)[0]);
        Assert.Equal(Names(answer).Distinct(), Names(answer));
        foreach (JsonElement member in answer.Json.GetProperty("instances").EnumerateArray())
        {
            Assert.Equal(["toldMsAgo", "status", "cache", "requests"], member.EnumerateObject().Select(property => property.Name));
            Assert.InRange(member.GetProperty("toldMsAgo").GetInt64(), 0, 60_000);
            // What it adds up is not shown, and where reports are is the Api's own to tell.
            Assert.False(member.GetProperty("status").TryGetProperty("recent", out _));
            Assert.Equal(JsonValueKind.Null, member.GetProperty("status").GetProperty("diagnosis").ValueKind);
            Assert.NotEmpty(member.GetProperty("status").GetProperty("version").GetString()!);
        }
    }

    [Fact]
    public async Task Adds_up_what_users_asked_of_all_instances_and_nothing_else()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Cancellation);
        await using ApiInstance one = await ApiInstance.StartAsync(shop.Database, redis.Connection), other = await ApiInstance.StartAsync(shop.Database, redis.Connection);
        for (int i = 0; i < 3; i++)
            (await one.GetAsync("/api/v1/products/301")).Is(HttpStatusCode.OK);
        (await other.GetAsync("/api/v1/products/301")).Is(HttpStatusCode.OK);
        (await other.GetAsync("/api/v1/products/0")).Is(HttpStatusCode.BadRequest);
        (await other.GetAsync("/api/health/live")).Is(HttpStatusCode.OK);
        (await other.GetAsync("/api/openapi.json")).Is(HttpStatusCode.OK);

        foreach (ApiInstance api in (ApiInstance[])[one, other])
        {
            Answer answer = await EventuallyAsync(api, fleet => Answers(fleet) == 5, "all five are told of");
            JsonElement figures = Figures(answer);
            Assert.Equal((0, 0), (figures.GetProperty("failed").GetInt64(), figures.GetProperty("failedShare").GetDouble()));
            Assert.True(figures.GetProperty("p99Ms").GetDouble() >= figures.GetProperty("p50Ms").GetDouble());
            Assert.True(figures.GetProperty("p50Ms").GetDouble() > 0);

            string[] told = [.. answer.Json.GetProperty("instances").EnumerateArray().Select(member => member.GetProperty("requests").GetProperty("answers").GetRawText())];
            Assert.Equal(["2", "3"], told.Order());
            Assert.Equal("""{"l1Hits":2,"l2Hits":1,"misses":1,"stale":0,"hitRatio":0.75}""", answer.Json.GetProperty("cache").GetProperty("sinceStart").GetRawText());
        }
    }

    [Fact]
    public async Task Counts_as_failed_what_was_answered_after_all_middleware_had_returned()
    {
        string nowhere = new NpgsqlConnectionStringBuilder(shop.Database) { Port = 9 }.ConnectionString;
        await using ApiInstance api = await ApiInstance.StartAsync(nowhere, "");
        (await api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.ServiceUnavailable);
        (await api.GetAsync("/api/v1/products/0")).Is(HttpStatusCode.BadRequest);

        JsonElement figures = Figures(await EventuallyAsync(api, fleet => Answers(fleet) == 2, "both are counted"));

        Assert.Equal((1, 0.5), (figures.GetProperty("failed").GetInt64(), figures.GetProperty("failedShare").GetDouble()));
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("127.0.0.1:9", "unreachable")]
    public async Task Without_redis_it_is_the_instance_that_answers_and_says_so(string redis, string state)
    {
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, redis);
        Answer answer = (await api.GetAsync(Fleet)).Is(HttpStatusCode.OK);

        Assert.False(answer.Json.GetProperty("complete").GetBoolean());
        JsonElement member = Assert.Single(answer.Json.GetProperty("instances").EnumerateArray());
        Assert.Equal(state, member.GetProperty("status").GetProperty("redis").GetProperty("state").GetString());
        Assert.Equal(answer.Json.GetProperty("instance").GetString(), member.GetProperty("status").GetProperty("instance").GetString());
    }

    [Fact]
    public async Task Redis_that_goes_away_takes_the_others_with_it_and_nothing_else()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Cancellation);
        await using ApiInstance one = await ApiInstance.StartAsync(shop.Database, redis.Connection), other = await ApiInstance.StartAsync(shop.Database, redis.Connection);
        await EventuallyAsync(one, fleet => Names(fleet).Length == 2, "both are told of");

        await redis.KillAsync();
        Answer alone = await EventuallyAsync(one, fleet => Names(fleet).Length == 1, "only one is left");

        Assert.False(alone.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(await NameAsync(one), Assert.Single(Names(alone)));
    }

    [Theory]
    [InlineData("/api/ops")]
    [InlineData(Fleet)]
    public async Task Needs_a_function_key_where_keys_are_asked_for(string path)
    {
        const string Key = "dGhlIGtleSBvZiB0aGUgaG91c2U=";
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, shop.Redis, Key);

        Assert.Empty((await api.GetAsync(path)).Is(HttpStatusCode.Unauthorized).Body);
        Assert.Empty((await api.SendAsync(HttpMethod.Head, path, null, null)).Is(HttpStatusCode.Unauthorized).Body);
        Assert.Empty((await api.GetAsync($"{path}?code=another")).Is(HttpStatusCode.Unauthorized).Body);
        (await api.GetAsync(path, null, ("x-functions-key", Key))).Is(HttpStatusCode.OK);
        Answer answer = (await api.GetAsync($"{path}?code={Uri.EscapeDataString(Key)}")).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(api.Logs.GetSnapshot(), record => record.Message.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Head_answers_as_get_does_without_the_body()
    {
        Answer get = await shop.Api.GetAsync(Fleet), head = await shop.Api.SendAsync(HttpMethod.Head, Fleet, null, body: null);

        Assert.Empty(head.Body);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get["Content-Type"], head["Content-Type"]);
        Assert.True(int.Parse(head["Content-Length"]!, CultureInfo.InvariantCulture) > 0);
    }

    private static async Task<Answer> EventuallyAsync(ApiInstance api, Func<Answer, bool> condition, string what)
    {
        Answer answer = (await api.GetAsync(Fleet)).Is(HttpStatusCode.OK);
        await Eventually.HoldsAsync(
            async () =>
            {
                answer = (await api.GetAsync(Fleet)).Is(HttpStatusCode.OK);
                return condition(answer);
            },
            what,
            Cancellation,
            TimeSpan.FromMinutes(1));
        return answer;
    }

    private static string[] Names(Answer fleet) =>
        [.. fleet.Json.GetProperty("instances").EnumerateArray().Select(member => member.GetProperty("status").GetProperty("instance").GetString()!)];

    private static JsonElement Figures(Answer fleet) => fleet.Json.GetProperty("requests").GetProperty("fiveMinutes");

    private static long Answers(Answer fleet) => Figures(fleet).GetProperty("answers").GetInt64();

    private static async Task<string> NameAsync(ApiInstance api) =>
        (await api.GetAsync("/api/ops/status")).Is(HttpStatusCode.OK).Json.GetProperty("instance").GetString()!;
}
