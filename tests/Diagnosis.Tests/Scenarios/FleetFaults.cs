using TByte.Functions.Operations;
using TByte.Functions.Postgres;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;
using Calls = TByte.Functions.Resilience.Evidence;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Faults that the API's instances tell of.</summary>
internal static class FleetFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("pools exhausted", FleetRules.PoolExhausted, "postgres-primary", scenario => TellAsync(scenario, busy: 10, max: 10, refusedEach: 0), "redis"),
        new("pools too large", FleetRules.PoolTooLarge, "postgres-primary", scenario => TellAsync(scenario, busy: 1, max: 50, refusedEach: 0), "redis"),
        new("callers refused", FleetRules.RateLimits, "rate limits", scenario => TellAsync(scenario, busy: 1, max: 10, refusedEach: 300), "redis"),
        new("breaker flaps", FleetRules.Breaker, "postgres-primary", FlapAsync, "redis"),
        new("hot product", FleetRules.HotKey, "product 42", scenario => scenario.ExecuteAsync("""
            insert into product_view_hours select date_trunc('hour', now()), i, 100 from generate_series(1, 40) i;
            insert into product_view_hours values (date_trunc('hour', now()), 42, 3000)
            """), "views"),
    ];

    private static Task TellAsync(Scenario scenario, int busy, int max, long refusedEach)
    {
        for (int instance = 0; instance < 3; instance++)
        {
            string name = $"instance-{instance}";
            scenario.Repeat(i => PublishAsync(scenario, Status(name, i, busy, max, refusedEach * i)), pauseMs: 250);
        }

        return Task.Delay(500, TestContext.Current.CancellationToken);
    }

    private static Task<string?> PublishAsync(Scenario scenario, InstanceStatus status) => FleetStatus.PublishAsync(
        async (script, key, arguments) => (string?)await scenario.Redis.ScriptEvaluateAsync(script, [key], arguments), status).AsTask();

    private static InstanceStatus Status(string name, int i, int busy, int max, long refused) => new(
        name,
        DateTimeOffset.UtcNow,
        new CacheStatistics(900L * i, 50L * i, 50L * i, 0),
        new RedisStatus("reachable"),
        [],
        [new DatabaseServerStatus("postgres-primary", "primary", "up", null, busy, 0, max)],
        new LimitsStatus(new HeavyQueryStatus(0, 0, 10, 10), [new RateLimitStatus("api", 100, 60, 1, refused)]));

    /// <summary>A breaker that finds its server failing whenever it tries, by its own scripts.</summary>
    private static async Task FlapAsync(Scenario scenario)
    {
        BreakerOptions options = new()
        {
            FirstOpenTime = TimeSpan.FromMilliseconds(100),
            LongestOpenTime = TimeSpan.FromSeconds(1),
            ProbeInterval = TimeSpan.FromMilliseconds(20),
            PollInterval = TimeSpan.FromMilliseconds(100),
        };
        BreakerStore store = new(
            async (script, key, arguments) => (string?)await scenario.Redis.ScriptEvaluateAsync(script, [key], arguments), options, "instance-0");
        FleetState state = (await store.ReportAsync("postgres-primary", 0, new Calls(0, 0, 1), default))!;
        for (int i = 0; i < 200 && state.Streak < 4; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            state = (await store.ReportAsync("postgres-primary", state.Epoch, new Calls(20, 0, 1), new Calls(20, 0, 1)))!;
            if (state.State == BreakerState.Closed)
                continue;

            ProbeReply probe = (await store.AcquireAsync("postgres-primary", state.Epoch, $"token-{i}"))!.Value;
            state = probe.State;
            if (probe.Token is { } token)
                state = (await store.ConcludeAsync("postgres-primary", state.Epoch, token, succeeded: false))!;
        }

        Assert.True(state.Streak >= 4, $"The breaker has opened {state.Streak} times only.");
    }
}
