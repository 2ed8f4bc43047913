namespace TByte.Functions.Resilience;

/// <summary>What a breaker does with calls.</summary>
public enum BreakerState
{
    /// <summary>They pass; shortly after closing, a growing share of them.</summary>
    Closed,

    /// <summary>None passes; probes find out whether the server is well again.</summary>
    HalfOpen,

    /// <summary>None passes; now and then one probe looks for a sign of life.</summary>
    Open,
}
