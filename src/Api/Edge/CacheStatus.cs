using System;
using System.Globalization;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>The <c>Cache-Status</c> field of RFC 9211: the level nearest to the database first. L1 is memory, L2 is Redis.</summary>
internal static class CacheStatus
{
    private const string MemoryHit = "tbyte-l1; hit";
    private const string RedisHit = "tbyte-l2; hit, tbyte-l1; fwd=miss";
    private const string Miss = "tbyte-l2; fwd=miss, tbyte-l1; fwd=miss";

    public static string Of(CacheAnswer answer) => answer.Outcome switch
    {
        CacheOutcome.MemoryHit => MemoryHit,
        CacheOutcome.RedisHit => RedisHit,
        CacheOutcome.Miss => Miss,
        // A negative time to live is how the RFC says stale.
        CacheOutcome.Stale => string.Create(
            CultureInfo.InvariantCulture, $"tbyte-l1; hit; ttl={Math.Min(-1, (long)answer.TimeToLive.TotalSeconds)}; detail=stale"),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    /// <summary>Where an answer with this field came from; null when it did not come through the cache.</summary>
    public static CacheOutcome? OutcomeOf(string? field) => field switch
    {
        null => null,
        MemoryHit => CacheOutcome.MemoryHit,
        RedisHit => CacheOutcome.RedisHit,
        Miss => CacheOutcome.Miss,
        _ => CacheOutcome.Stale,
    };
}
