using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using TByte.Functions.Operations;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>What operators see of a fleet, and their orders to it.</summary>
public sealed class OperationsTests(PostgresFixture postgres)
{
    private const int Instances = 3;

    private static readonly TimeSpan LongerThanAnOrderIsGood = TimeSpan.FromSeconds(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_given_to_one_holds_for_all_until_it_is_given_back()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient);
        await EveryAsync(fleet, breaker => breaker.Live == Instances, "all know of each other");
        Assert.Single((await AllAsync(fleet)).Select(breaker => breaker.Epoch).Distinct());
        Assert.Equal(200, (await fleet.GetProductAsync(1, 1)).Status);

        Breaker order = await OrderAsync(fleet, 0, """{"state": "open", "for": "1.00:00:00", "reason": "failover", "by": "ada"}""");

        Assert.Equal(("open", true, "failover", "ada"), (order.State, order.Forced, order.Reason, order.By));
        await EveryAsync(fleet, breaker => breaker.Epoch == order.Epoch, "all have heard of it");
        Assert.All(await AllAsync(fleet), breaker => Assert.Equal(order with { Live = breaker.Live }, breaker));
        for (int instance = 0; instance < Instances; instance++)
        {
            ProductAnswer cold = await fleet.GetProductAsync(instance, 100 + instance);
            Assert.Equal(503, cold.Status);
            Assert.True(cold.RetryAfter >= TimeSpan.FromSeconds(1));
        }
        Assert.Equal(200, (await fleet.GetProductAsync(1, 1)).Status);

        await OrderAsync(fleet, 2, """{"state": "auto"}""");

        // Nobody reads meanwhile: probes alone close it.
        await EveryAsync(fleet, breaker => breaker is { State: "closed", Forced: false } && breaker.Epoch > order.Epoch, "it is closed everywhere");
        for (int instance = 0; instance < Instances; instance++)
            await Eventually.HoldsAsync(async () => (await fleet.GetProductAsync(instance, 100 + instance)).Status == 200, "cold reads pass", Token);
    }

    [Fact]
    public async Task An_order_ends_by_itself_without_traffic()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient);

        Breaker order = await OrderAsync(fleet, 1, """{"state": "open", "for": "00:00:02"}""");

        Assert.Equal("open", order.State);
        await EveryAsync(
            fleet, breaker => breaker is { State: "closed", Forced: false, By: null } && breaker.Epoch > order.Epoch, "it is closed everywhere");
    }

    [Fact]
    public async Task An_order_that_a_hung_redis_finds_too_late_is_never_carried_out()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, await postgres.CreateDatabaseAsync(), redis.Connection);
        await EveryAsync(fleet, breaker => breaker.Live == Instances, "all know of each other");
        long before = (await AllAsync(fleet))[0].Epoch;

        redis.Stop();
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, Instances).Select(instance =>
            SendAsync(fleet, instance, """{"state": "open", "for": "1.00:00:00"}""")));
        await Task.Delay(LongerThanAnOrderIsGood, Token);
        await RedisIsAsync(fleet, "unreachable");
        redis.Continue();

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        // By then Redis has read what was sent to it before.
        await RedisIsAsync(fleet, "reachable");
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        RedisValue[] stored = await connection.GetDatabase().HashGetAsync("tb:{breaker:postgres-primary}", ["epoch", "state", "forced"]);
        Assert.Equal([before, "closed", "-"], stored);
    }

    [Fact]
    public async Task Counts_add_up_to_what_was_asked()
    {
        const int Readers = 30, Reads = 40, Products = 50;
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            Instances, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient, ("Cache__MemoryLife", "00:00:00.050"));

        await Task.WhenAll(Enumerable.Range(0, Readers).Select(async reader =>
        {
            Random random = new(reader);
            for (int i = 0; i < Reads; i++)
                Assert.Equal(200, (await fleet.GetProductAsync(reader % Instances, random.Next(1, Products + 1))).Status);
        }));

        long misses = 0;
        for (int instance = 0; instance < Instances; instance++)
        {
            JsonElement cache = (await StatusAsync(fleet, instance)).GetProperty("cache");
            long[] counts = [.. ((string[])["l1Hits", "l2Hits", "misses", "stale"]).Select(name => cache.GetProperty(name).GetInt64())];
            Assert.Equal(Readers / Instances * Reads, counts.Sum());
            Assert.Equal((double)(counts[0] + counts[1]) / counts.Sum(), cache.GetProperty("hitRatio").GetDouble(), 0.0001);
            misses += counts[2];
        }

        Assert.True(misses >= Products - 5, $"Only {misses} misses over {Products} products that nobody had read.");
    }

    [Fact]
    public async Task Every_instance_tells_the_fleet_its_status()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(2, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient);
        string[] names = [.. fleet.Instances.Select(instance => instance.Services.GetRequiredService<StatusReport>().Read().Instance).Order()];
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);

        IReadOnlyList<InstanceStatus> told = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                long nowMs = new DateTimeOffset(await connection.GetServers()[0].TimeAsync()).ToUnixTimeMilliseconds();
                told = FleetStatus.Read(await connection.GetDatabase().HashGetAllAsync("tb:{fleet}:status"), nowMs);
                return told.Count == 2;
            },
            "both have told it",
            Token);

        Assert.Equal(names, told.Select(status => status.Instance).Order());
        Assert.All(told, status => Assert.Equal("postgres-primary", Assert.Single(status.Postgres).Name));
    }

    /// <summary>Nobody who looks at the fleet waits for a Redis that does not answer.</summary>
    [Fact]
    public async Task While_redis_hangs_the_fleet_is_the_instance_that_answers()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(2, await postgres.CreateDatabaseAsync(), redis.Connection);
        await Eventually.HoldsAsync(async () => await FleetAsync(fleet) is (true, 2), "both are told of", Token);

        redis.Stop();
        Assert.Equal((false, 1), await FleetAsync(fleet));
        Assert.Equal((false, 1), await FleetAsync(fleet));

        redis.Continue();
        await Eventually.HoldsAsync(async () => await FleetAsync(fleet) is (true, 2), "both are told of again", Token);
    }

    private static async Task<(bool Complete, int Instances)> FleetAsync(ApiFleet fleet)
    {
        JsonElement told = await fleet.Instances[0].Client.GetFromJsonAsync<JsonElement>(new Uri("api/ops/fleet", UriKind.Relative), Token);
        return (told.GetProperty("complete").GetBoolean(), told.GetProperty("instances").GetArrayLength());
    }

    private static async Task<JsonElement> StatusAsync(ApiFleet fleet, int instance) =>
        await fleet.Instances[instance].Client.GetFromJsonAsync<JsonElement>(new Uri("api/ops/status", UriKind.Relative), Token);

    private static async Task<Breaker[]> AllAsync(ApiFleet fleet) =>
        await Task.WhenAll(Enumerable.Range(0, fleet.Instances.Count).Select(async instance =>
            Breaker.Of(Assert.Single((await StatusAsync(fleet, instance)).GetProperty("breakers").EnumerateArray()))));

    private static Task EveryAsync(ApiFleet fleet, Func<Breaker, bool> condition, string what) =>
        Eventually.HoldsAsync(async () => (await AllAsync(fleet)).All(condition), what, Token);

    private static Task RedisIsAsync(ApiFleet fleet, string state) => Eventually.HoldsAsync(async () =>
    {
        JsonElement[] all = await Task.WhenAll(Enumerable.Range(0, Instances).Select(instance => StatusAsync(fleet, instance)));
        return all.All(status => status.GetProperty("redis").GetProperty("state").GetString() == state);
    }, $"Redis is {state} for all", Token);

    private static Task<HttpResponseMessage> SendAsync(ApiFleet fleet, int instance, string order) => fleet.Instances[instance].Client.PostAsync(
        new Uri("api/ops/breakers/postgres-primary", UriKind.Relative), new StringContent(order, new MediaTypeHeaderValue("application/json")), Token);

    private static async Task<Breaker> OrderAsync(ApiFleet fleet, int instance, string order)
    {
        using HttpResponseMessage response = await SendAsync(fleet, instance, order);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Breaker.Of(await response.Content.ReadFromJsonAsync<JsonElement>(Token));
    }

    private sealed record Breaker(string State, long Epoch, string? Reason, bool Forced, string? By, int? Live, bool Shared)
    {
        public static Breaker Of(JsonElement json) => json.Deserialize<Breaker>(JsonSerializerOptions.Web)!;
    }
}
