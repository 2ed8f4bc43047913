using System.Collections.Concurrent;
using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>
/// Remembers the newest version this instance has heard of, by key, for as long as a reader could still come home with an
/// older row. Two generations bound it in time and size; a reader that set out before the older one is not admitted at all,
/// so forgetting is safe.
/// </summary>
internal sealed class VersionFence(RedisClock clock, TimeSpan generationLife, int generationSize)
{
    private readonly Lock _turning = new();
    private volatile Generations _generations = new(new Generation(clock.MonotonicMilliseconds), new Generation(clock.MonotonicMilliseconds));

    /// <summary>No version below the given one of this key is admitted any more.</summary>
    public void Raise(string key, long version)
    {
        // Under the lock, so that a turn cannot leave this version in a generation that is forgotten a turn too early.
        lock (_turning)
        {
            if (clock.MonotonicMilliseconds - _generations.Current.Since >= generationLife.TotalMilliseconds
                || _generations.Current.Versions.Count >= generationSize)
            {
                _generations = new Generations(new Generation(clock.MonotonicMilliseconds), _generations.Current);
            }

            _generations.Current.Versions.AddOrUpdate(
                key, static (_, raised) => raised, static (_, known, raised) => Math.Max(known, raised), version);
        }
    }

    /// <summary>The lowest version of this key that is admitted; 0 when any is.</summary>
    public long Minimum(string key)
    {
        Generations generations = _generations;
        return Math.Max(generations.Current.Minimum(key), generations.Previous.Minimum(key));
    }

    /// <summary>Whether every version raised since <paramref name="began"/> is still known. Within the millisecond of a turn: no.</summary>
    public bool Remembers(long began) => began > _generations.Previous.Since;

    private sealed record Generations(Generation Current, Generation Previous);

    private sealed class Generation(long since)
    {
        public long Since => since;

        public ConcurrentDictionary<string, long> Versions { get; } = new();

        public long Minimum(string key) => Versions.TryGetValue(key, out long version) ? version : 0;
    }
}
