using TByte.Functions.Resilience;

namespace TByte.Functions.Warming;

/// <summary>
/// Spreads the load of warming: so many entries a second, and a quarter of that while a breaker is not closed. A server that comes
/// back, or carries the load of another, has readers to see to first.
/// </summary>
internal sealed class WarmingPace(double perSecond, Func<bool> isWell, TimeProvider time)
{
    private const int TroubledShare = 4;

    private readonly Lock _lock = new();
    private TimeSpan _next;

    public static WarmingPace Of(double perSecond, BreakerControl breakers, TimeProvider time) =>
        new(perSecond, () => breakers.All.All(static breaker => breaker is { State: "closed", Local.State: "closed" }), time);

    /// <summary>Waits for the turn of so many entries.</summary>
    public Task WaitAsync(int entries, CancellationToken cancellationToken)
    {
        TimeSpan now = time.GetElapsedTime(0);
        TimeSpan takes = TimeSpan.FromSeconds(entries / perSecond) * (isWell() ? 1 : TroubledShare);
        TimeSpan wait;
        lock (_lock)
        {
            wait = _next > now ? _next - now : TimeSpan.Zero;
            _next = now + wait + takes;
        }

        return wait == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellationToken);
    }
}
