using TByte.Functions.Postgres;

namespace TByte.Functions.Throttling;

/// <summary>The right to ask one heavy query; disposing of it lets the next one in.</summary>
/// <param name="time">The clock.</param>
/// <param name="deadline">When waiting for what else the query needs must end.</param>
/// <param name="leave">Takes the slot back, with how long it was held.</param>
internal sealed class HeavyQuerySlot(TimeProvider time, Deadline deadline, Action<TimeSpan> leave) : IDisposable
{
    private readonly long _since = time.GetTimestamp();
    private int _left;

    public Deadline Deadline => deadline;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            leave(time.GetElapsedTime(_since));
    }
}
