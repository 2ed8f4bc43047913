namespace TByte.Functions.Redis;

/// <summary>
/// Redis' own clock, estimated from the local monotonic one. Instances compare times with each other only by this clock;
/// before Redis has been reached it runs on the local wall clock.
/// </summary>
internal sealed class RedisClock
{
    private readonly TimeProvider _time;
    private long _offset;

    public RedisClock(TimeProvider time)
    {
        _time = time;
        _offset = time.GetUtcNow().ToUnixTimeMilliseconds() - MonotonicMilliseconds;
    }

    /// <summary>Milliseconds since the Unix epoch by Redis' clock.</summary>
    public long NowMilliseconds => MonotonicMilliseconds + Volatile.Read(ref _offset);

    /// <summary>As <see cref="NowMilliseconds"/>, of a timestamp of <see cref="TimeProvider"/>.</summary>
    public long MillisecondsAt(long timestamp) => (long)_time.GetElapsedTime(0, timestamp).TotalMilliseconds + Volatile.Read(ref _offset);

    /// <summary>Milliseconds since some fixed point, never set back; for everything that stays in this process.</summary>
    public long MonotonicMilliseconds => MonotonicMillisecondsAt(_time.GetTimestamp());

    /// <summary>The same at a moment whose timestamp is known: to read the clock once more would cost more than a look into memory.</summary>
    public long MonotonicMillisecondsAt(long timestamp) => (long)_time.GetElapsedTime(0, timestamp).TotalMilliseconds;

    /// <summary>Takes over what Redis answered to <c>TIME</c>, asked at <paramref name="askedAt"/> by <see cref="MonotonicMilliseconds"/>.</summary>
    public void Set(DateTime redisTime, long askedAt)
    {
        long answeredAt = MonotonicMilliseconds;
        long redis = new DateTimeOffset(redisTime, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Volatile.Write(ref _offset, redis - (askedAt + answeredAt) / 2);
    }
}
