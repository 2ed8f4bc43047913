namespace TByte.Functions.WarmStart;

/// <summary>A clock that stands at the time of the trace until it is set.</summary>
internal sealed class TraceTime(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => (Now - DateTimeOffset.UnixEpoch).Ticks;
}
