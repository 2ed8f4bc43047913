using NpgsqlTypes;

namespace TByte.Functions.Postgres;

/// <summary>
/// How far a replica is behind, to within a probe interval. The age of its last transaction would not do: that grows while nobody
/// writes. So it is compared with where the primary was seen, and when, over the last minute. While the primary is away lag stands
/// still: what it took with it no replica will ever have, and there is nothing newer to read.
/// </summary>
internal sealed class ReplicaLag(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    // Ascending in both, replaced as a whole: one prober writes, every read looks.
    private volatile Observation[] _observations = [];
    private long _lastSeenAt;

    /// <summary>The primary was seen at a position just now.</summary>
    public void PrimaryIsAt(NpgsqlLogSequenceNumber position)
    {
        long now = time.GetTimestamp();
        Volatile.Write(ref _lastSeenAt, now);
        Observation[] known = _observations;
        if (known.Length > 0 && position == known[^1].Position)
            return;

        // A primary that went back was restored or replaced: what was seen before says nothing about it.
        if (known.Length > 0 && position < known[^1].Position)
            known = [];
        int oldest = 0;
        // The newest of those that are too old stays: the primary was there until the next one.
        while (oldest + 1 < known.Length && time.GetElapsedTime(known[oldest + 1].At, now) > Remembered)
            oldest++;
        _observations = [.. known.AsSpan(oldest), new Observation(now, position)];
    }

    /// <summary>
    /// When the primary was last seen: how long before it was first seen past what has been replayed. Zero when it was not.
    /// </summary>
    /// <param name="replayed">Where the replica is.</param>
    /// <param name="replayAge">How old the last transaction is that it has replayed, by its own account. Asked when it is behind
    /// everything that is remembered, or nothing is; null, nothing replayed since its start, then counts as for ever.</param>
    public TimeSpan Of(NpgsqlLogSequenceNumber replayed, TimeSpan? replayAge)
    {
        Observation[] known = _observations;
        TimeSpan reported = replayAge ?? TimeSpan.MaxValue;
        if (known.Length == 0)
            return reported;
        if (replayed >= known[^1].Position)
            return TimeSpan.Zero;

        int missing = known.Length - 1;
        while (missing > 0 && known[missing - 1].Position > replayed)
            missing--;
        TimeSpan since = time.GetElapsedTime(known[missing].At, Volatile.Read(ref _lastSeenAt));
        return missing > 0 || since > reported ? since : reported;
    }

    private readonly record struct Observation(long At, NpgsqlLogSequenceNumber Position);
}
