namespace TByte.Functions.Caching;

/// <summary>
/// What is known of one key, as this instance holds it. Times are milliseconds of this process' monotonic clock.
/// </summary>
internal sealed class CacheEntry
{
    private int _refreshing;

    /// <summary>Null: it is known that there is no such thing.</summary>
    public required Representation? Representation { get; init; }

    /// <summary>When it was read from the database.</summary>
    public required long ReadAt { get; init; }

    /// <summary>Until when it may be answered without asking.</summary>
    public required long FreshUntil { get; init; }

    /// <summary>Until when this instance answers from memory; never later than <see cref="FreshUntil"/>.</summary>
    public long MemoryUntil { get; init; }

    /// <summary>From when on a read refreshes it in the background.</summary>
    public long RefreshFrom { get; init; } = long.MaxValue;

    /// <summary>Until when it may stand in for an answer that cannot be had.</summary>
    public required long FailSafeUntil { get; init; }

    /// <summary>When Redis stored it, by Redis' clock; 0 when it is not from there. Tells two entries of one key apart.</summary>
    public long StoredAt { get; init; }

    public long Version => Representation?.Version ?? 0;

    public TimeSpan AgeAt(long now) => TimeSpan.FromMilliseconds(Math.Max(0, now - ReadAt));

    /// <summary>True for one caller only: the one that refreshes.</summary>
    public bool TryClaimRefresh(long now) => now >= RefreshFrom && Interlocked.Exchange(ref _refreshing, 1) == 0;

    /// <summary>Lets a later reader try again after a refresh that failed.</summary>
    public void ReleaseRefresh() => Volatile.Write(ref _refreshing, 0);

    /// <summary>
    /// Whether this entry may take the place of <paramref name="current"/>: never an older row that of a newer one. A negative
    /// entry has no version, so it never replaces a row. Where there are no versions the later one wins.
    /// </summary>
    public bool MayReplace(CacheEntry current, CachePolicy policy) => !policy.IsVersioned || Version >= current.Version;
}
