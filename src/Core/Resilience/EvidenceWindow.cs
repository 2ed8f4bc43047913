namespace TByte.Functions.Resilience;

/// <summary>What came of calls.</summary>
/// <param name="Failures">Calls that failed.</param>
/// <param name="Slow">Calls that succeeded too late.</param>
/// <param name="Successes">Calls that succeeded, the slow ones included.</param>
internal readonly record struct Evidence(long Failures, long Slow, long Successes)
{
    public long Calls => Failures + Successes;

    /// <summary>Why this is enough to open a breaker; null when it is not.</summary>
    public string? ReasonToOpen(BreakerOptions options)
    {
        if (Failures >= options.FailureThreshold && Failures >= options.FailureRatio * Calls)
            return $"{Failures} of {Calls} calls failed";
        if (Slow >= options.SlowCallThreshold && Slow >= options.SlowCallRatio * Calls)
            return $"{Slow} of {Calls} calls were slow";
        return null;
    }
}

/// <summary>
/// Counts what came of calls over a sliding window, without locks. A cell holds the slice of time it counts for and the count in
/// one word, so that turning to a new slice and counting are one exchange.
/// </summary>
internal sealed class EvidenceWindow
{
    private const int Slices = 20;
    private const int RecentSlices = Slices / 10;

    // One more than the window has: the slice that now is in is not full.
    private const int Kept = Slices + 1;
    private const int Kinds = 3;
    private const int Failures = 0;
    private const int Slow = 1;
    private const int Successes = 2;

    // A slice has a cache line of its own.
    private const int Stride = 8;

    private readonly long[] _cells = new long[Kept * Stride];
    private readonly long _origin;
    private readonly long _sliceLength;

    /// <param name="window">How long a call counts; up to a twentieth longer.</param>
    /// <param name="time">Whose timestamps are passed in.</param>
    public EvidenceWindow(TimeSpan window, TimeProvider time)
    {
        _sliceLength = Math.Max(1, (long)(window.TotalSeconds * time.TimestampFrequency) / Slices);
        // Slices are numbered from one, so that a cell that has never been used belongs to none.
        _origin = time.GetTimestamp() - _sliceLength;
    }

    public void AddFailure(long timestamp) => Add(Failures, timestamp);

    public void AddSuccess(long timestamp, bool slow)
    {
        Add(Successes, timestamp);
        if (slow)
            Add(Slow, timestamp);
    }

    /// <summary>What came of the calls within the window before a time, but not before <paramref name="since"/>.</summary>
    public Evidence Count(long timestamp, long since = long.MinValue) => Count(Slices, timestamp, since);

    /// <summary>
    /// The same within the latest tenth of the window. A server that hangs answers nothing from one moment to the next; measured
    /// against all that it has answered before, that would take half the window to show.
    /// </summary>
    public Evidence CountRecent(long timestamp, long since = long.MinValue) => Count(RecentSlices, timestamp, since);

    private Evidence Count(int slices, long timestamp, long since)
    {
        long last = SliceAt(timestamp);
        long first = Math.Max(last - slices, since == long.MinValue ? 1 : SliceAt(since) + 1);
        Span<long> counts = stackalloc long[Kinds];
        for (long slice = Math.Max(1, first); slice <= last; slice++)
        {
            for (int kind = 0; kind < Kinds; kind++)
            {
                long cell = Volatile.Read(ref CellOf(slice, kind));
                if (cell >> 32 == slice)
                    counts[kind] += (uint)cell;
            }
        }

        return new Evidence(counts[Failures], counts[Slow], counts[Successes]);
    }

    private void Add(int kind, long timestamp)
    {
        long slice = SliceAt(timestamp);
        ref long cell = ref CellOf(slice, kind);
        long seen = Volatile.Read(ref cell);
        // A call that was timed before the cell turned to a later slice is too late to count.
        while (seen >> 32 <= slice)
        {
            long counted = seen >> 32 == slice ? seen + 1 : (slice << 32) | 1;
            long before = Interlocked.CompareExchange(ref cell, counted, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }

    private long SliceAt(long timestamp) => (timestamp - _origin) / _sliceLength;

    private ref long CellOf(long slice, int kind) => ref _cells[(int)(slice % Kept) * Stride + kind];
}
