using TByte.Functions.Configuration;

namespace TByte.Functions.Caching;

/// <summary>Section <c>Cache</c>. Everything that protects is on by default.</summary>
public sealed record CacheOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Cache";

    /// <summary>How long a product is fresh.</summary>
    public TimeSpan ProductLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a product that was warmed is fresh.</summary>
    public TimeSpan WarmedLife { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long an order is fresh.</summary>
    public TimeSpan OrderLife { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a user's list of orders is fresh.</summary>
    public TimeSpan OrderListLife { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a page of products is fresh; a price on it may lag by that.</summary>
    public TimeSpan ProductPageLife { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it is remembered that something does not exist.</summary>
    public TimeSpan NegativeLife { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an instance answers from its own memory before it looks into Redis again.</summary>
    public TimeSpan MemoryLife { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Entries an instance keeps in memory at most; the least recently used goes first. A product takes 1 KB, a page up to 40 KB, each of its packed forms less.</summary>
    public int MemoryEntries { get; init; } = 10_000;

    /// <summary>How long an entry is kept after it was read, to answer with when nothing newer can be had.</summary>
    public TimeSpan FailSafeLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest a caller waits for a load when a stale entry is at hand; the load goes on behind it.</summary>
    public TimeSpan SoftTimeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest a caller waits for a load when there is nothing else to answer with.</summary>
    public TimeSpan HardTimeout { get; init; } = TimeSpan.FromMilliseconds(850);

    /// <summary>
    /// An instance that loads and dies holds the others up for this long. Longer than a load may take (<c>Postgres:ReadBudget</c>),
    /// shorter than the hard time-out, so that who waits can still load by itself.
    /// </summary>
    public TimeSpan LeaseLife { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>Share of an entry's life after which a read refreshes it in the background.</summary>
    public double RefreshAfter { get; init; } = 0.9;

    /// <summary>Share by which lives are shortened at random, so that entries made together do not die together.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>How often writes that were not pushed are looked for; half of the time in which no old row may be left after Redis is back.</summary>
    public TimeSpan ReplayInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest that a new instance gets ready before it takes traffic: opens connections and fills its memory from Redis.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. Life("ProductLife", ProductLife),
        .. Life("WarmedLife", WarmedLife),
        .. Life("OrderLife", OrderLife),
        .. Life("OrderListLife", OrderListLife),
        .. Life("ProductPageLife", ProductPageLife),
        .. Life("NegativeLife", NegativeLife),
        .. Life("MemoryLife", MemoryLife),
        .. SettingBounds.Between("Cache:MemoryEntries", MemoryEntries, 100, 10_000_000),
        .. SettingBounds.Between("Cache:FailSafeLife", FailSafeLife, TimeSpan.FromSeconds(1), InvalidationRetention),
        .. SettingBounds.Between("Cache:SoftTimeout", SoftTimeout, TimeSpan.FromMilliseconds(1), HardTimeout),
        .. SettingBounds.Between("Cache:HardTimeout", HardTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Cache:LeaseLife", LeaseLife, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Cache:RefreshAfter", RefreshAfter, 0.1, 1.0),
        .. SettingBounds.Between("Cache:Jitter", Jitter, 0.0, 0.5),
        .. SettingBounds.Between("Cache:StartTimeout", StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
        .. SettingBounds.Between("Cache:ReplayInterval", ReplayInterval, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(4)),
    ];

    // Invalidations are kept a little longer than any entry they could concern.
    internal static readonly TimeSpan InvalidationRetention = TimeSpan.FromHours(25);

    private static IEnumerable<string> Life(string name, TimeSpan value) =>
        SettingBounds.Between($"Cache:{name}", value, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(7));
}
