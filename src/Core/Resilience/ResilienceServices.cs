using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Resilience;

/// <summary>Registers the shared circuit breakers.</summary>
public static class ResilienceServices
{
    /// <summary>Adds the breakers; settings from <c>Breaker</c>. They share their state through the Redis gate.</summary>
    public static IServiceCollection AddSharedCircuitBreakers(this IServiceCollection services) => services
        .AddRedisGate()
        .AddValidatedOptions<BreakerOptions>(BreakerOptions.Section)
        .AddSingleton<BreakerMetrics>()
        .AddSingleton<TransitionLog>()
        .AddSingleton<CircuitAgents>()
        .AddSingleton(provider =>
        {
            RedisGate gate = provider.GetRequiredService<RedisGate>();
            return new BreakerControl(
                provider.GetRequiredService<CircuitAgents>(),
                () => gate.IsAvailable,
                gate.Clock,
                gate.Budget,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BreakerControl>>());
        })
        .AddHostedService(provider => provider.GetRequiredService<CircuitAgents>());
}
