using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Operations;

/// <summary>Registers what operators look at.</summary>
public static class OperationsServices
{
    /// <summary>Adds <see cref="StatusReport"/>, tells the fleet what it says, and adds <see cref="FleetReport"/>, which reads it. Needs <see cref="CachingServices.AddReadThroughCache"/> and all of <see cref="ThrottlingServices"/>.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<RequestMetrics>()
        .AddSingleton(provider => new RequestWindow(provider.GetRequiredService<RedisClock>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new CacheHistory(provider.GetRequiredService<CacheMetrics>().Counts))
        .AddHostedService<StatusPublisher>()
        .AddSingleton(provider => new FleetReport(
            provider.GetRequiredService<StatusReport>(), provider.GetRequiredService<RequestWindow>(), provider.GetRequiredService<RedisGate>()))
        .AddSingleton(provider => new StatusReport(
            provider.GetRequiredService<CircuitAgents>(),
            provider.GetRequiredService<BreakerControl>(),
            provider.GetRequiredService<CacheMetrics>(),
            provider.GetRequiredService<RedisGate>(),
            provider.GetRequiredService<ShopDatabase>(),
            provider.GetRequiredService<HeavyQueryGate>(),
            provider.GetRequiredService<RateLimiter>(),
            provider.GetRequiredService<CacheHistory>(),
            provider.GetRequiredService<RequestWindow>()));
}
