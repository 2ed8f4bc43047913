using System.Runtime.CompilerServices;

namespace TByte.Functions.Throttling;

/// <summary>
/// What one instance has let through for one caller within the last window, whether the fleet granted it or not: all it can go by
/// while Redis is away, and all that can be restored when Redis has lost its memory. Counts by slices, never less than the truth.
/// </summary>
internal struct AdmissionWindow
{
    private const int Slices = 8;

    private Counts _counts;
    private long _newest;

    /// <param name="now">Milliseconds by a clock that is never set back.</param>
    /// <param name="window">The window's length in milliseconds; the same in all calls.</param>
    public void Add(long now, long window)
    {
        Advance(now, window);
        _counts[(int)(_newest % (Slices + 1))]++;
    }

    /// <summary>Takes back what was added last.</summary>
    public void Remove(long now, long window)
    {
        Advance(now, window);
        ref int newest = ref _counts[(int)(_newest % (Slices + 1))];
        newest = Math.Max(0, newest - 1);
    }

    /// <summary>How many within the window that ends now.</summary>
    public int Count(long now, long window)
    {
        Advance(now, window);
        int sum = 0;
        foreach (int count in _counts)
            sum += count;
        return sum;
    }

    /// <summary>How long until fewer than <paramref name="limit"/> are within the window; 0 when they are.</summary>
    public long UntilBelow(int limit, long now, long window)
    {
        int excess = Count(now, window) - limit + 1;
        for (long slice = _newest - Slices; slice <= _newest && excess > 0; slice++)
        {
            if (slice >= 0 && (excess -= _counts[(int)(slice % (Slices + 1))]) <= 0)
                return EndOf(slice, window) + window - now;
        }

        return 0;
    }

    private static long EndOf(long slice, long window) => (slice + 1) * window / Slices + 1;

    private void Advance(long now, long window)
    {
        long current = now * Slices / window;
        if (current <= _newest)
            return;

        if (current - _newest > Slices)
            _counts = default;
        for (long slice = Math.Max(_newest + 1, current - Slices); slice <= current; slice++)
            _counts[(int)(slice % (Slices + 1))] = 0;
        _newest = current;
    }

    [InlineArray(Slices + 1)]
    private struct Counts
    {
        private int _first;
    }
}
