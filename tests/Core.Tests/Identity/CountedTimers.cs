using Microsoft.Extensions.Time.Testing;

namespace TByte.Functions.Core.Tests.Identity;

/// <summary>A clock that a test moves on, once somebody waits for it.</summary>
internal sealed class CountedTimers : FakeTimeProvider
{
    private volatile int _timers;

    public CountedTimers()
        : base(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The waits that have begun.</summary>
    public int Timers => _timers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        return timer;
    }
}
