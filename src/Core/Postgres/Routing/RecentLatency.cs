namespace TByte.Functions.Postgres;

/// <summary>The 95th percentile of the last 512 durations, worked out anew every 64.</summary>
internal sealed class RecentLatency
{
    private const int Kept = 512;
    private const int Step = 64;

    private readonly Lock _lock = new();
    private readonly long[] _ticks = new long[Kept];
    private long _count;
    private long _p95 = -1;

    /// <summary>Null until there are 64 durations.</summary>
    public TimeSpan? P95 => Volatile.Read(ref _p95) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    public void Add(TimeSpan took)
    {
        lock (_lock)
        {
            _ticks[_count % Kept] = took.Ticks;
            if (++_count % Step != 0)
                return;

            Span<long> sorted = stackalloc long[(int)Math.Min(_count, Kept)];
            _ticks.AsSpan(0, sorted.Length).CopyTo(sorted);
            sorted.Sort();
            Volatile.Write(ref _p95, sorted[(sorted.Length * 95 / 100) - 1]);
        }
    }
}
