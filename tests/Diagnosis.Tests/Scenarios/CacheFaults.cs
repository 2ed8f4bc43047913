namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Faults of the cache.</summary>
internal static class CacheFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("Redis away", CacheRules.RedisAway, "Redis", scenario =>
        {
            scenario.RedisConnection = "127.0.0.1:1";
            return Task.CompletedTask;
        }, "redis"),
        new("lives too short", CacheRules.TtlTooShort, "tb:{product:*}", scenario => ReadAsync(
            scenario, i => $"tb:{{product:{i % 300}}}", TimeSpan.FromMilliseconds(400), pauseMs: 2), "redis"),
        new("keys too specific", CacheRules.KeysTooSpecific, "tb:{page:*}", scenario => ReadAsync(
            scenario, i => $"tb:{{page:{i % 20}}}:{i}", TimeSpan.FromMinutes(10), pauseMs: 1), "redis"),
        new("Redis full", CacheRules.TooSmall, "Redis", scenario => FillAsync(scenario, "allkeys-lru"), "redis"),
        new("Redis refuses writes", CapacityRules.Name, "memory of Redis", scenario => FillAsync(scenario, "noeviction"), "redis"),
    ];

    private static Task ReadAsync(Scenario scenario, Func<int, string> key, TimeSpan life, int pauseMs)
    {
        scenario.HasHealthyReaders = false;
        scenario.Repeat(i => Readers.ReadThroughAsync(scenario, key(i), life), pauseMs);
        return Task.Delay(4_000, TestContext.Current.CancellationToken);
    }

    private static async Task FillAsync(Scenario scenario, string policy)
    {
        scenario.Afterwards(async () =>
        {
            await scenario.RedisServer.ConfigSetAsync("maxmemory", "0");
            await scenario.RedisServer.ConfigSetAsync("maxmemory-policy", "noeviction");
        });
        await scenario.RedisServer.ConfigSetAsync("maxmemory-policy", policy);
        await scenario.RedisServer.ConfigSetAsync("maxmemory", "3mb");
        string large = new('x', 20_000);
        scenario.HasHealthyReaders = false;
        scenario.Repeat(async i =>
        {
            string key = $"tb:{{product:{i * 7919 % 1_000}}}";
            if (!(await scenario.Redis.StringGetAsync(key)).HasValue)
                await scenario.Redis.StringSetAsync(key, large, TimeSpan.FromHours(1));
        });
        await Task.Delay(2_000, TestContext.Current.CancellationToken);
    }
}
