namespace TByte.Functions.IncidentReplay.Target;

/// <summary>Takes instances in turn, and leaves one out for a moment that has refused a connection. Safe for concurrent use.</summary>
internal sealed class Balancer(IReadOnlyList<Uri> origins, TimeProvider time)
{
    private static readonly TimeSpan LeftOutFor = TimeSpan.FromSeconds(1);

    private readonly Uri[] _origins = [.. origins];
    private readonly long[] _leftOutUntil = new long[origins.Count];
    private int _turn = -1;

    public int Count => _origins.Length;

    /// <summary>The next one that is not left out; the next one at all when all are.</summary>
    public Uri Next()
    {
        uint turn = (uint)Interlocked.Increment(ref _turn);
        long now = time.GetTimestamp();
        for (uint i = 0; i < _origins.Length; i++)
        {
            int candidate = (int)((turn + i) % (uint)_origins.Length);
            if (Volatile.Read(ref _leftOutUntil[candidate]) <= now)
                return _origins[candidate];
        }

        return _origins[(int)(turn % (uint)_origins.Length)];
    }

    public void LeaveOut(Uri origin)
    {
        int number = Array.IndexOf(_origins, origin);
        Volatile.Write(ref _leftOutUntil[number], time.GetTimestamp() + (long)(LeftOutFor.TotalSeconds * time.TimestampFrequency));
    }
}
