using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Products;
using TByte.Functions.Redis;

namespace TByte.Functions.Warming;

/// <summary>How ready an instance is.</summary>
/// <param name="Connections">Connections that were opened, to all database servers together.</param>
/// <param name="Entries">Products that were taken into memory.</param>
public readonly record struct InstanceReadiness(int Connections, int Entries);

/// <summary>Gets a new instance ready before it takes traffic. Never fails; what there is no time for is done by the first readers.</summary>
public sealed class InstanceWarmup
{
    private readonly ShopDatabase _database;
    private readonly RedisGate _gate;
    private readonly RedisLevelBatches _redis;
    private readonly HotSet _hotSet;
    private readonly MemoryLevel _memory;
    private readonly EntryLives _lives;
    private readonly ProductCatalog _catalog;
    private readonly CacheOptions _options;
    private readonly TimeProvider _time;

    internal InstanceWarmup(
        ShopDatabase database,
        RedisGate gate,
        RedisLevelBatches redis,
        HotSet hotSet,
        MemoryLevel memory,
        EntryLives lives,
        ProductCatalog catalog,
        CacheOptions options,
        TimeProvider time)
    {
        _database = database;
        _gate = gate;
        _redis = redis;
        _hotSet = hotSet;
        _memory = memory;
        _lives = lives;
        _catalog = catalog;
        _options = options;
        _time = time;
    }

    /// <summary>Opens the pools' minimum and fills the memory with what is read most, in no longer than <c>Cache:StartTimeout</c>.</summary>
    public async Task<InstanceReadiness> RunAsync(CancellationToken cancellationToken)
    {
        Task<int> connections = _database.OpenMinimumAsync(_options.StartTimeout, cancellationToken);
        Task<int> entries = FillMemoryInTimeAsync(cancellationToken);
        return new InstanceReadiness(await connections.ConfigureAwait(false), await entries.ConfigureAwait(false));
    }

    private async Task<int> FillMemoryInTimeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FillMemoryAsync(cancellationToken).WaitAsync(_options.StartTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return 0;
        }
    }

    private async Task<int> FillMemoryAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitForFirstProbeAsync(_options.StartTimeout, cancellationToken).ConfigureAwait(false);
        // Half, so that what nobody asks for here makes room for what somebody does.
        IReadOnlyList<long> products = await _hotSet.ReadAsync(_options.MemoryEntries / 2).ConfigureAwait(false);
        CacheKey[] keys = [.. products.Select(id => _catalog.Warmed.Key(ProductCatalog.Id(id)))];
        if (keys.Length == 0)
            return 0;

        long began = _gate.Clock.MonotonicMilliseconds;
        RedisReply<StoredEntry?[]> stored = await _redis.ReadAsync(keys).ConfigureAwait(false);
        return stored.Answered ? Fill(keys, stored.Value, began) : 0;
    }

    private int Fill(CacheKey[] keys, StoredEntry?[] stored, long began)
    {
        int filled = 0;
        foreach ((CacheKey key, StoredEntry? found) in keys.Zip(stored))
        {
            if (found is not { Kind: StoredKind.Present })
                continue;

            _memory.Offer(key, _lives.Stored(found), began);
            filled++;
        }

        return filled;
    }
}
