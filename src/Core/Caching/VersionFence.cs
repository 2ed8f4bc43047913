using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>
/// Remembers the newest version this instance has heard of, by key, for as long as a reader could still come home with an
/// older row. A reader that set out before the older generation is not admitted at all, so forgetting is safe.
/// </summary>
internal sealed class VersionFence(RedisClock clock, TimeSpan generationLife, int generationSize)
{
    private readonly RecentMaxima<long> _versions = new(clock, generationLife, generationSize);

    /// <summary>No version below the given one of this key is admitted any more.</summary>
    public void Raise(string key, long version) => _versions.Raise(key, version);

    /// <summary>The lowest version of this key that is admitted; 0 when any is.</summary>
    public long Minimum(string key) => _versions.Of(key);

    /// <summary>Whether every version raised since <paramref name="began"/> is still known. Within the millisecond of a turn: no.</summary>
    public bool Remembers(long began) => began > _versions.Since;
}
