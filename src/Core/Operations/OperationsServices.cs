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
    /// <summary>Adds <see cref="StatusReport"/>, and tells the fleet what it says. Needs <see cref="CachingServices.AddReadThroughCache"/> and all of <see cref="ThrottlingServices"/>.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddHostedService<StatusPublisher>()
        .AddSingleton(provider => new StatusReport(
            provider.GetRequiredService<CircuitAgents>(),
            provider.GetRequiredService<BreakerControl>(),
            provider.GetRequiredService<CacheMetrics>(),
            provider.GetRequiredService<RedisGate>(),
            provider.GetRequiredService<ShopDatabase>(),
            provider.GetRequiredService<HeavyQueryGate>(),
            provider.GetRequiredService<RateLimiter>()));
}
