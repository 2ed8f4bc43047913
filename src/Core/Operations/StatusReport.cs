using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Operations;

/// <summary>Tells what this instance knows already; it asks nobody, so it tells it whatever is down.</summary>
public sealed class StatusReport
{
    private readonly CircuitAgents _agents;
    private readonly BreakerControl _breakers;
    private readonly CacheMetrics _cache;
    private readonly RedisGate _redis;
    private readonly ShopDatabase _database;
    private readonly HeavyQueryGate _heavyQueries;
    private readonly RateLimiter _rateLimiter;
    private readonly CacheHistory _cacheHistory;
    private readonly RequestWindow _requests;

    internal StatusReport(
        CircuitAgents agents, BreakerControl breakers, CacheMetrics cache, RedisGate redis, ShopDatabase database, HeavyQueryGate heavyQueries,
        RateLimiter rateLimiter, CacheHistory cacheHistory, RequestWindow requests)
    {
        _agents = agents;
        _breakers = breakers;
        _cache = cache;
        _redis = redis;
        _database = database;
        _heavyQueries = heavyQueries;
        _rateLimiter = rateLimiter;
        _cacheHistory = cacheHistory;
        _requests = requests;
    }

    /// <summary>The status at this moment.</summary>
    public InstanceStatus Read() => new(
        _agents.Instance,
        _agents.StartedAt,
        _cache.Counts.Read(),
        new RedisStatus(!_redis.IsConfigured ? "none" : _redis.IsAvailable ? "reachable" : "unreachable"),
        _breakers.All,
        _database.Servers,
        new LimitsStatus(_heavyQueries.Status, _rateLimiter.Status))
    {
        Version = BuildVersion.Text,
    };

    /// <summary>The status with what the fleet is told beyond it.</summary>
    internal InstanceStatus ReadWithRecent()
    {
        (CacheStatistics minute, CacheStatistics fiveMinutes) = _cacheHistory.Read();
        return Read() with { Recent = new RecentActivity(minute, fiveMinutes, _requests.Read()) };
    }
}
