namespace TByte.Functions.Postgres;

/// <summary>When a wait ends, on the monotonic clock.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider _time;
    private readonly long _at;

    private Deadline(TimeProvider time, long at)
    {
        _time = time;
        _at = at;
    }

    /// <summary>What is left; never negative.</summary>
    public TimeSpan Left => _time.GetElapsedTime(_time.GetTimestamp(), _at) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public static Deadline In(TimeProvider time, TimeSpan budget) =>
        new(time, time.GetTimestamp() + (long)(budget.TotalSeconds * time.TimestampFrequency));

    /// <summary>This deadline, or the end of a shorter wait that begins now.</summary>
    public Deadline ButWithin(TimeSpan most) => In(_time, most) is var sooner && sooner._at < _at ? sooner : this;
}
