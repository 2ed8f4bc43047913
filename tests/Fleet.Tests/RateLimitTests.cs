using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StackExchange.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>One limit over several instances and a real Redis.</summary>
public sealed class RateLimitTests(PostgresFixture postgres)
{
    private static readonly Uri Product = new("api/v1/products/1", UriKind.Relative);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_instances_hammered_from_all_sides_never_let_through_more_than_the_limit()
    {
        const int Permits = 300;
        TimeSpan window = TimeSpan.FromSeconds(10);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            5, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient,
            ("RateLimits__Api__Permits", Permits), ("RateLimits__Api__Window", window));

        List<(TimeSpan Sent, TimeSpan Answered)> admitted = [];
        bool wasStarved = true;
        for (int attempt = 0; attempt < 5 && wasStarved; attempt++)
        {
            ConcurrentBag<(TimeSpan Sent, TimeSpan Answered, HttpStatusCode Status)> answers = await HammerAsync(fleet, 2.2 * window);
            Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{answer.Status}"));
            admitted = [.. answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => (answer.Sent, answer.Answered)).OrderBy(answer => answer.Sent)];
            // What was granted must be used within a second. An app that does not run for so long goes on within its share.
            wasStarved = answers.Any(answer => answer.Answered - answer.Sent > TimeSpan.FromSeconds(0.9));
        }

        Assert.False(wasStarved, "the machine is too busy to tell");
        int most = admitted.Max(first => admitted.Count(answer => answer.Sent >= first.Sent && answer.Answered < first.Sent + window));
        Assert.InRange(most, Permits * 9 / 10, Permits);
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("hung")]
    public async Task While_redis_is_away_each_instance_keeps_its_share_and_afterwards_they_share_again(string fault)
    {
        const int Permits = 60;
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            2, await postgres.CreateDatabaseAsync(), redis.Connection, budget: null,
            ("RateLimits__Api__Permits", Permits), ("RateLimits__Api__Window", "00:10:00"), ("RateLimits__TrustedProxyHops", 1));
        foreach (FleetInstance instance in fleet.Instances)
            await Eventually.HoldsAsync(async () => (await instance.Client.GetStringAsync(new Uri("api/ops/status", UriKind.Relative), Token)).Contains("\"live\":2", StringComparison.Ordinal), "both are known", Token);

        if (fault == "killed")
            await redis.KillAsync();
        else
            redis.Stop();
        foreach (FleetInstance instance in fleet.Instances)
            Assert.Equal(Permits / 2, await AdmittedOfAsync(instance, 100, "203.0.113.1"));

        if (fault == "killed")
            await redis.RestartAsync(Token);
        else
            redis.Continue();
        // Another caller shows when the instances share again: what one lets through is then not there for the other.
        int caller = 2;
        await Eventually.HoldsAsync(
            async () =>
            {
                string address = $"203.0.113.{caller++}";
                return await AdmittedOfAsync(fleet.Instances[0], 70, address) == Permits && await AdmittedOfAsync(fleet.Instances[1], 5, address) == 0;
            },
            "they share again",
            Token);
        // What was let through meanwhile counts, too: half of it each of them has told.
        Assert.InRange(
            await AdmittedOfAsync(fleet.Instances[0], 70, "203.0.113.1") + await AdmittedOfAsync(fleet.Instances[1], 70, "203.0.113.1"), 0, Permits / 2);
    }

    [Fact]
    public async Task An_active_caller_takes_few_bytes_of_redis()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            5, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient,
            ("RateLimits__Api__Permits", 100), ("RateLimits__Api__Window", "00:01:00"), ("RateLimits__Ip__Permits", 1_000),
            ("RateLimits__Ip__Window", "00:15:00"), ("RateLimits__TrustedProxyHops", 1));
        await AdmittedOfAsync(fleet.Instances[0], 1, "203.0.113.1");
        foreach (FleetInstance instance in fleet.Instances)
            await AdmittedOfAsync(instance, 50, "203.0.113.2");

        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Connection);
        (long once, long busy) = (await BytesAsync("203.0.113.1"), await BytesAsync("203.0.113.2"));
        TestContext.Current.SendDiagnosticMessage($"{once} bytes for one request, {busy} for 100 of 250 on five instances; both policies");
        // As docs/rate-limits.md has it.
        Assert.InRange(once, 1, 400);
        Assert.InRange(busy, 1, 1_500);

        async Task<long> BytesAsync(string address) =>
            (long)await connection.GetDatabase().ExecuteAsync("MEMORY", "USAGE", $"tb:{{rate:ip:{address}}}")
            + (long)await connection.GetDatabase().ExecuteAsync("MEMORY", "USAGE", $"tb:{{rate:api:{address}}}");
    }

    private static async Task<ConcurrentBag<(TimeSpan Sent, TimeSpan Answered, HttpStatusCode Status)>> HammerAsync(ApiFleet fleet, TimeSpan time)
    {
        ConcurrentBag<(TimeSpan Sent, TimeSpan Answered, HttpStatusCode Status)> answers = [];
        Stopwatch run = Stopwatch.StartNew();
        await Task.WhenAll(fleet.Instances.Select(async instance =>
        {
            while (run.Elapsed < time)
            {
                TimeSpan sent = run.Elapsed;
                using HttpResponseMessage response = await instance.Client.GetAsync(Product, Token);
                answers.Add((sent, run.Elapsed, response.StatusCode));
                // Those that are refused must not keep the processor from the others.
                if (response.StatusCode != HttpStatusCode.OK)
                    await Task.Delay(10, Token);
            }
        }));
        return answers;
    }

    /// <summary>Sends requests from an address without a user, and counts those that are let through; anything but 200 and 429 is an error.</summary>
    private static async Task<int> AdmittedOfAsync(FleetInstance instance, int requests, string address)
    {
        int admitted = 0;
        for (int i = 0; i < requests; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, Product);
            request.Headers.Add("X-Forwarded-For", address);
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", "none");
            using HttpResponseMessage response = await instance.Client.SendAsync(request, Token);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{response.StatusCode}");
            admitted += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return admitted;
    }
}
