namespace TByte.Functions.Testing;

/// <summary>The system's time, but for a wall clock that is wrong. Timestamps and timers are the system's.</summary>
public sealed class SkewedTimeProvider : TimeProvider
{
    private long _skewTicks;

    /// <summary>How far the wall clock is ahead of the system's, or behind if negative; may be changed at any time, as a clock steps.</summary>
    public TimeSpan Skew
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _skewTicks));
        set => Interlocked.Exchange(ref _skewTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Skew;
}
