using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Health;

/// <summary>What this instance can reach.</summary>
/// <param name="Postgres">The database answers.</param>
/// <param name="Redis">Redis answers.</param>
public readonly record struct Reachability(bool Postgres, bool Redis);

/// <summary>Tells what is degraded, asking the database once a second at most, however often it is asked itself.</summary>
public sealed class Readiness : IDisposable
{
    private static readonly TimeSpan MostAge = TimeSpan.FromSeconds(1);

    private readonly ShopDatabase _database;
    private readonly RedisGate _redis;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _asking = new(1, 1);
    private long? _askedAt;
    private bool _postgres;

    internal Readiness(ShopDatabase database, RedisGate redis, TimeProvider time)
    {
        _database = database;
        _redis = redis;
        _time = time;
    }

    /// <summary>Looks, or tells what was seen within the last second.</summary>
    public async Task<Reachability> CheckAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (_askedAt is not { } askedAt || _time.GetElapsedTime(askedAt) >= MostAge)
            {
                _postgres = await IsAnsweringAsync(cancellationToken);
                _askedAt = _time.GetTimestamp();
            }
        }
        finally
        {
            _asking.Release();
        }

        return new Reachability(_postgres, _redis.IsAvailable);
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private async Task<bool> IsAnsweringAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _database.ReadAsync(true, static async (connection, answer) =>
            {
                await using NpgsqlCommand command = new("select $1", connection) { Parameters = { new() { Value = answer } } };
                return (bool)(await command.ExecuteScalarAsync())!;
            }, cancellationToken);
        }
        catch (DatabaseUnavailableException)
        {
            return false;
        }
    }
}

/// <summary>Registers the readiness check.</summary>
public static class HealthServices
{
    /// <summary>Adds <see cref="Readiness"/>.</summary>
    public static IServiceCollection AddReadiness(this IServiceCollection services) =>
        services.AddSingleton(provider => new Readiness(
            provider.GetRequiredService<ShopDatabase>(), provider.GetRequiredService<RedisGate>(), provider.GetRequiredService<TimeProvider>()));
}
