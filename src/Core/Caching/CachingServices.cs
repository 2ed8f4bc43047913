using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Configuration;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Caching;

/// <summary>Registers the database, Redis and the cache between them.</summary>
public static class CachingServices
{
    private static readonly TimeSpan FenceGeneration = TimeSpan.FromMinutes(5);
    private const int FenceGenerationSize = 50_000;

    /// <summary>Adds everything that reading and writing through the cache needs; settings from <c>Postgres</c>, <c>Redis</c> and <c>Cache</c>.</summary>
    public static IServiceCollection AddReadThroughCache(this IServiceCollection services)
    {
        services.AddShopDatabase();
        services.AddValidatedOptions<CacheOptions>(CacheOptions.Section);
        services.AddSingleton<CacheMetrics>();
        services.AddSingleton(provider =>
            new VersionFence(provider.GetRequiredService<RedisClock>(), FenceGeneration, FenceGenerationSize));
        services.AddSingleton<WritePositions>();
        services.AddSingleton(CreateMemory);
        services.AddSingleton<RedisLevel>();
        services.AddSingleton<EntryLives>();
        services.AddSingleton<LoadSignals>();
        services.AddSingleton<EntryFetcher>();
        services.AddSingleton<ReadThroughCache>();
        services.AddSingleton<InvalidationLog>();
        services.AddSingleton<InvalidationReplay>();
        services.AddHostedService(provider => provider.GetRequiredService<InvalidationReplay>());
        return services;
    }

    private static MemoryLevel CreateMemory(IServiceProvider provider)
    {
        int most = provider.GetRequiredService<CacheOptions>().MemoryEntries;
        MemoryLevel memory = new(most, provider.GetRequiredService<VersionFence>());
        provider.GetRequiredService<CacheMetrics>().ObserveMemory(() => memory.Count, most);
        return memory;
    }
}
