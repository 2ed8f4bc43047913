using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TByte.Functions.Identity;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Redis;

/// <summary>The gate before a real Redis that is killed, hung and cut off.</summary>
public sealed class RedisGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hung_redis_costs_the_budget_a_few_times_and_then_nothing()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using StartedGate gate = await StartedGate.StartAsync(redis.Connection);
        await gate.IsAvailableAsync();

        redis.Stop();
        int asked = 0;
        while (gate.Gate.IsAvailable && asked < 100)
        {
            Assert.False(await gate.PingAsync());
            asked++;
        }

        Assert.InRange(asked, 0, 3);
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < 1_000; i++)
            Assert.False(await gate.PingAsync());
        // A thousand budgets would be 50 s.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));

        redis.Continue();
        await gate.IsAvailableAsync();
        Assert.Equal(2, gate.Reconnects);
    }

    [Fact]
    public async Task A_killed_redis_is_found_again_and_subscriptions_with_it()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using StartedGate gate = await StartedGate.StartAsync(redis.Connection);
        await gate.IsAvailableAsync();
        List<string> messages = [];
        gate.Gate.Subscribe("news", message =>
        {
            lock (messages)
                messages.Add(message);
        });

        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !gate.Gate.IsAvailable, "the gate notices", Token);
        Assert.False(await gate.PingAsync());
        await redis.RestartAsync(Token);
        await gate.IsAvailableAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                await gate.Gate.CallAsync(RedisPurpose.Probe, "hello", static (database, text) => database.PublishAsync(RedisChannel.Literal("news"), text));
                lock (messages)
                    return messages.Count > 0;
            },
            "the subscription lives",
            Token);
    }

    [Fact]
    public async Task Nothing_listens_there_and_the_app_starts_all_the_same()
    {
        await using StartedGate gate = await StartedGate.StartAsync("127.0.0.1:1");

        await gate.Gate.WaitForFirstProbeAsync(TimeSpan.FromSeconds(30), Token);

        Assert.False(await gate.PingAsync());
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_tried()
    {
        await using StartedGate gate = await StartedGate.StartAsync("");

        await gate.Gate.WaitForFirstProbeAsync(TimeSpan.FromSeconds(30), Token);

        Assert.False(await gate.PingAsync());
    }

    [Fact]
    public async Task A_server_that_answers_with_errors_is_not_left_alone()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using StartedGate gate = await StartedGate.StartAsync(redis.Connection);
        await gate.IsAvailableAsync();

        for (int i = 0; i < 20; i++)
            Assert.False((await gate.Gate.CallAsync(RedisPurpose.Probe, 0, static (database, _) => database.ExecuteAsync("NOSUCHCOMMAND"))).Answered);

        await gate.IsAvailableAsync();
    }

    [Fact]
    public async Task A_redis_that_is_full_still_answers_reads()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using StartedGate gate = await StartedGate.StartAsync(redis.Connection);
        await gate.IsAvailableAsync();
        await Eventually.HoldsAsync(async () => await gate.SetAsync("kept", "here"), "the first write", Token);
        await using (ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{redis.Connection},allowAdmin=true"))
        {
            await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", "noeviction");
            await admin.GetServers()[0].ConfigSetAsync("maxmemory", "1");
        }

        Assert.False(await gate.SetAsync("more", "refused"));
        await Eventually.HoldsAsync(
            async () => (await gate.Gate.CallAsync(RedisPurpose.Probe, 0, static (database, _) => database.StringGetAsync("kept"))) is { Answered: true } read
                && read.Value == "here",
            "reads go on",
            Token);
    }

    private sealed class StartedGate : IAsyncDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private int _reconnects;

        private StartedGate(string connection)
        {
            RedisOptions options = new() { Connection = connection };
            Gate = new RedisGate(
                options,
                AppIdentity.None,
                new RedisClock(TimeProvider.System),
                TimeProvider.System,
                ActivatorUtilities.CreateInstance<RedisMetrics>(_services),
                NullLogger<RedisGate>.Instance);
            Gate.Reconnected += () => Interlocked.Increment(ref _reconnects);
        }

        public RedisGate Gate { get; }

        public int Reconnects => Volatile.Read(ref _reconnects);

        public static async Task<StartedGate> StartAsync(string connection)
        {
            StartedGate gate = new(connection);
            await gate.Gate.StartAsync(Token);
            return gate;
        }

        public Task IsAvailableAsync() => Eventually.HoldsAsync(() => Gate.IsAvailable, "Redis is reachable", Token);

        public async Task<bool> PingAsync() => (await Gate.CallAsync(RedisPurpose.Probe, 0, static (database, _) => database.PingAsync())).Answered;

        public async Task<bool> SetAsync(string key, string value) =>
            (await Gate.CallAsync(RedisPurpose.Probe, (key, value), static (database, pair) => database.StringSetAsync(pair.key, pair.value))).Answered;

        public async ValueTask DisposeAsync()
        {
            await Gate.StopAsync(CancellationToken.None);
            Gate.Dispose();
            await _services.DisposeAsync();
        }
    }
}
