namespace TByte.Functions.Resilience;

/// <summary>What an operator wants of a breaker.</summary>
/// <param name="State">Open or closed, to hold it there; null to give it back to the evidence.</param>
/// <param name="For">For how long, up to <see cref="Longest"/>; of no meaning without a state.</param>
/// <param name="By">Who wants it; one line.</param>
/// <param name="Reason">Why; one line.</param>
public sealed record BreakerOrder(BreakerState? State, TimeSpan For, string By, string Reason)
{
    /// <summary>The longest that an order holds: a forgotten one must end by itself.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    internal string Word => State switch
    {
        null => "auto",
        BreakerState.Open => "open",
        BreakerState.Closed => "closed",
        _ => throw new InvalidOperationException("A breaker can be held open or closed."),
    };
}
