using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>A row to be put into Redis.</summary>
/// <param name="Key">Its entry.</param>
/// <param name="Row">The row.</param>
/// <param name="Order">Its version; where a kind has no versions, a token as a lease gives it.</param>
/// <param name="FreshFor">How long it is fresh.</param>
internal readonly record struct EntryToStore(CacheKey Key, Representation Row, long Order, TimeSpan FreshFor);

/// <summary>L2 for many entries at a time, for which no reader waits: each method is one round trip, to every server of a cluster at once.</summary>
internal sealed class RedisLevelBatches(RedisGate gate, RedisLevel level)
{
    /// <summary>Until when each entry is fresh, by Redis' clock; 0 where there is none to answer with.</summary>
    public ValueTask<RedisReply<long[]>> FreshUntilAsync(IReadOnlyList<CacheKey> keys) =>
        TogetherAsync(RedisPurpose.Freshness, keys, static async (redis, key) => StoredEntry.FreshUntil(
            (byte[]?)await redis.StringGetRangeAsync(key.Entry, 0, StoredEntry.LongestNumbers - 1).ConfigureAwait(false)));

    /// <summary>What is there.</summary>
    public ValueTask<RedisReply<StoredEntry?[]>> ReadAsync(IReadOnlyList<CacheKey> keys) =>
        TogetherAsync(RedisPurpose.ReadMany, keys, static async (redis, key) =>
            RedisLevel.Parse(await redis.StringGetAsync(key.Entry).ConfigureAwait(false), key.Policy));

    /// <summary>Stores rows. Newer ones stay where they are.</summary>
    public ValueTask<RedisReply<StoreReply[]>> StoreAsync(IReadOnlyList<EntryToStore> entries) =>
        TogetherAsync(RedisPurpose.StoreMany, entries, async (redis, entry) => RedisLevel.ParseStored(
            await redis.ScriptEvaluateAsync(
                RedisLevel.StoreScript,
                RedisLevel.ScriptKeys(entry.Key),
                level.StoreArguments(entry.Row, entry.Order, entry.FreshFor)).ConfigureAwait(false),
            entry.Key.Policy));

    // Not a batch of the client's: a script that the server has forgotten is sent a second time, and a batch that is under way does not
    // take it any more.
    private ValueTask<RedisReply<TReply[]>> TogetherAsync<TItem, TReply>(
        RedisPurpose purpose, IReadOnlyList<TItem> items, Func<IDatabaseAsync, TItem, Task<TReply>> call) =>
        gate.CallAsync(
            purpose,
            (items, call),
            static (redis, calls) => Task.WhenAll(calls.items.Select(item => calls.call(redis, item))),
            gate.BackgroundBudget);
}
