using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>Works out the times of entries: jittered lives, this instance's own, and the translation from Redis' clock.</summary>
internal sealed class EntryLives(CacheOptions options, RedisClock clock)
{
    /// <summary>How long what was just read is fresh, shortened at random.</summary>
    public TimeSpan FreshFor(CachePolicy policy, Representation? loaded) => Shorten(loaded is null ? options.NegativeLife : policy.Life);

    /// <summary>An entry made of what was just read.</summary>
    public CacheEntry Loaded(Representation? representation, TimeSpan freshFor, long readAt, long storedAt) =>
        Entry(representation, freshFor, readAt, storedAt);

    /// <summary>An entry made of what lies in Redis; its age is Redis' own account of it.</summary>
    public CacheEntry Stored(StoredEntry stored)
    {
        long age = Math.Max(0, clock.NowMilliseconds - stored.StoredAt);
        return Entry(stored.Representation, TimeSpan.FromMilliseconds(stored.FreshFor), clock.MonotonicMilliseconds - age, stored.StoredAt);
    }

    private CacheEntry Entry(Representation? representation, TimeSpan freshFor, long readAt, long storedAt)
    {
        long freshUntil = readAt + (long)freshFor.TotalMilliseconds;
        return new CacheEntry
        {
            Representation = representation,
            ReadAt = readAt,
            StoredAt = storedAt,
            FreshUntil = freshUntil,
            MemoryUntil = Math.Min(freshUntil, clock.MonotonicMilliseconds + (long)Shorten(options.MemoryLife).TotalMilliseconds),
            RefreshFrom = representation is null ? long.MaxValue : readAt + (long)(freshFor.TotalMilliseconds * options.RefreshAfter),
            FailSafeUntil = representation is null ? freshUntil : Math.Max(freshUntil, readAt + (long)options.FailSafeLife.TotalMilliseconds),
        };
    }

    private TimeSpan Shorten(TimeSpan life) => life * (1 - options.Jitter * Random.Shared.NextDouble());
}
