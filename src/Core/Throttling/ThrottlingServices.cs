using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TByte.Functions.Caching;
using TByte.Functions.Configuration;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Throttling;

/// <summary>Registers what keeps one kind of work from taking everything from the others.</summary>
public static class ThrottlingServices
{
    /// <summary>Adds <see cref="HeavyQueryGate"/>; settings from <c>HeavyQueries</c>. Needs <see cref="CachingServices.AddReadThroughCache"/>.</summary>
    public static IServiceCollection AddHeavyQueries(this IServiceCollection services)
    {
        services.AddValidatedOptions<HeavyQueryOptions>(HeavyQueryOptions.Section);
        services.AddSingleton<DatabasePressure>();
        services.AddSingleton<HeavyQueryMetrics>();
        services.AddSingleton(provider => new HeavyQueryQueue(
            provider.GetRequiredService<HeavyQueryOptions>(),
            provider.GetRequiredService<DatabasePressure>().IsHigh,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new FleetPermits(
            provider.GetRequiredService<HeavyQueryOptions>(),
            provider.GetRequiredService<RedisGate>(),
            () => provider.GetRequiredService<CircuitAgents>().LiveInstances,
            provider.GetRequiredService<TimeProvider>()));
        return services.AddSingleton(provider => new HeavyQueryGate(
            provider.GetRequiredService<HeavyQueryOptions>(),
            provider.GetRequiredService<HeavyQueryQueue>(),
            provider.GetRequiredService<FleetPermits>(),
            provider.GetRequiredService<ShopDatabase>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<HeavyQueryMetrics>()));
    }

    /// <summary>Adds <see cref="RateLimiter"/>; settings from <c>RateLimits</c>. Needs <see cref="CachingServices.AddReadThroughCache"/>.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddValidatedOptions<RateLimitOptions>(RateLimitOptions.Section);
        services.AddSingleton<RateLimitMetrics>();
        return services.AddSingleton(provider =>
        {
            RateLimitOptions options = provider.GetRequiredService<RateLimitOptions>();
            RedisGate gate = provider.GetRequiredService<RedisGate>();
            CircuitAgents agents = provider.GetRequiredService<CircuitAgents>();
            return new RateLimiter(
                options,
                policy => new PolicyLimiter(
                    policy,
                    options.MaxCallers,
                    new PermitStore(policy, gate.Scripts(RedisPurpose.RateLimit), agents.Instance),
                    () => gate.IsAvailable,
                    () => agents.LiveInstances,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<RateLimiter>>()),
                provider.GetRequiredService<RateLimitMetrics>());
        });
    }
}
