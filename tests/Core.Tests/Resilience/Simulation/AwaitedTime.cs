using Microsoft.Extensions.Time.Testing;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

/// <summary>A time that passes when it is told to, and tells who has begun to wait for it: only then is there something to pass for.</summary>
internal sealed class AwaitedTime : FakeTimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    /// <summary>For how long timers were set, all since the start.</summary>
    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_waits)
                return [.. _waits];
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_waits)
            _waits.Add(dueTime);
        return timer;
    }
}
