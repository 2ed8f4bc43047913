using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TByte.Functions.Configuration;
using TByte.Functions.Identity;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Redis;

/// <summary>Registers the gate to Redis.</summary>
public static class RedisServices
{
    /// <summary>Adds the gate, which every component's calls to Redis pass; settings from <c>Redis</c> and <c>Identity</c>.</summary>
    public static IServiceCollection AddRedisGate(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddValidatedOptions<RedisOptions>(RedisOptions.Section)
            .AddAppIdentity()
            .AddMetrics()
            .AddSingleton<RedisMetrics>()
            .AddSingleton<RedisClock>()
            .AddSingleton<RedisGate>()
            .AddSingleton<BatchedReads>()
            .AddHostedService(provider => provider.GetRequiredService<RedisGate>());
    }
}
