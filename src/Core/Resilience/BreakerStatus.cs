namespace TByte.Functions.Resilience;

/// <summary>One breaker, as this instance knows it. Times are by this instance's clock.</summary>
/// <param name="Name">The protected server's.</param>
/// <param name="State"><c>closed</c>, <c>half-open</c> or <c>open</c>: the fleet's; the instance's own when the shared state is not known.</param>
/// <param name="Epoch">Grows with every transition of the fleet's breaker; the newest that was seen.</param>
/// <param name="Reason">Why it is in this state; null when it has always been.</param>
/// <param name="OpenUntil">When its open time ends, and a probe decides; may have passed. Null when it is not open.</param>
/// <param name="Forced">An operator's order holds it.</param>
/// <param name="ForcedUntil">When that order ends by itself; null when none holds.</param>
/// <param name="By">Who gave the last order; null when there was none lately.</param>
/// <param name="Live">Instances that share it, of whatever app; null when that is not known.</param>
/// <param name="Local">This instance's own breaker, underneath.</param>
/// <param name="Shared">Whether the fleet's state is known.</param>
public sealed record BreakerStatus(
    string Name,
    string State,
    long Epoch,
    string? Reason,
    DateTimeOffset? OpenUntil,
    bool Forced,
    DateTimeOffset? ForcedUntil,
    string? By,
    int? Live,
    LocalBreakerStatus Local,
    bool Shared)
{
    internal static BreakerStatus Of(CircuitSnapshot snapshot, TimeProvider time)
    {
        long now = time.GetTimestamp();
        LocalBreaker local = snapshot.Local;
        LocalBreakerStatus own = new(local.IsOpen ? Word(BreakerState.Open) : Word(BreakerState.Closed), TextOrNull(local.Reason));
        if (snapshot.Fleet is not { } fleet)
        {
            DateTimeOffset? retried = local.IsOpen ? In(local.OpenTime - time.GetElapsedTime(local.Since, now)) : null;
            return new BreakerStatus(
                snapshot.Name, own.State, snapshot.Epoch, own.Reason, retried, Forced: false, ForcedUntil: null, By: null, Live: null, own, Shared: false);
        }

        DateTimeOffset ends = In(fleet.Length - snapshot.ElapsedAt(now));
        bool isForced = snapshot.IsForcedAt(now);
        return new BreakerStatus(
            snapshot.Name,
            Word(fleet.State),
            snapshot.Epoch,
            TextOrNull(fleet.Reason),
            fleet.State == BreakerState.Open ? ends : null,
            isForced,
            isForced ? ends : null,
            fleet.By,
            fleet.Live > 0 ? fleet.Live : null,
            own,
            Shared: true);

        // The store counts in milliseconds; more digits would say nothing.
        DateTimeOffset In(TimeSpan wait) => DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + wait).ToUnixTimeMilliseconds());
    }

    private static string? TextOrNull(string text) => text.Length == 0 ? null : text;

    private static string Word(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half-open",
        BreakerState.Open => "open",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

/// <summary>An instance's own breaker, which decides where the fleet's lets calls through or is not known.</summary>
/// <param name="State"><c>closed</c> or <c>open</c>.</param>
/// <param name="Reason">Why it opened or closed; null when it has never been open.</param>
public sealed record LocalBreakerStatus(string State, string? Reason);
