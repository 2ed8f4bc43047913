using System.Collections.Concurrent;
using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>
/// Remembers the greatest value it was told of each key, for one to two generations. Two generations bound it in time and size.
/// </summary>
internal sealed class RecentMaxima<T>(RedisClock clock, TimeSpan generationLife, int generationSize)
    where T : struct, IComparable<T>
{
    private readonly Lock _turning = new();
    private volatile Generations _generations = new(new Generation(clock.MonotonicMilliseconds), new Generation(clock.MonotonicMilliseconds));

    /// <summary>By this process' monotonic clock: everything that was raised since then is remembered.</summary>
    public long Since => _generations.Previous.Since;

    public void Raise(string key, T value)
    {
        // Under the lock, so that a turn cannot leave this value in a generation that is forgotten a turn too early.
        lock (_turning)
        {
            if (clock.MonotonicMilliseconds - _generations.Current.Since >= generationLife.TotalMilliseconds
                || _generations.Current.Values.Count >= generationSize)
            {
                _generations = new Generations(new Generation(clock.MonotonicMilliseconds), _generations.Current);
            }

            _generations.Current.Values.AddOrUpdate(
                key, static (_, raised) => raised, static (_, known, raised) => Greater(known, raised), value);
        }
    }

    /// <summary>The greatest value of this key; the type's default when none is remembered.</summary>
    public T Of(string key)
    {
        Generations generations = _generations;
        return Greater(generations.Current.Of(key), generations.Previous.Of(key));
    }

    private static T Greater(T one, T other) => one.CompareTo(other) >= 0 ? one : other;

    private sealed record Generations(Generation Current, Generation Previous);

    private sealed class Generation(long since)
    {
        public long Since => since;

        public ConcurrentDictionary<string, T> Values { get; } = new();

        public T Of(string key) => Values.GetValueOrDefault(key);
    }
}
