namespace TByte.Functions.Caching;

/// <summary>Where an answer came from.</summary>
public enum CacheOutcome
{
    /// <summary>This instance's memory.</summary>
    MemoryHit,

    /// <summary>Redis.</summary>
    RedisHit,

    /// <summary>The database.</summary>
    Miss,

    /// <summary>Memory or Redis, past its life: nothing newer was to be had in time.</summary>
    Stale,
}

/// <summary>An answer of the cache.</summary>
/// <param name="Representation">Null: there is no such thing.</param>
/// <param name="Outcome">Where it came from.</param>
/// <param name="Age">How long ago it was read from the database.</param>
/// <param name="TimeToLive">How long it is still fresh; negative when it is stale.</param>
public readonly record struct CacheAnswer(Representation? Representation, CacheOutcome Outcome, TimeSpan Age, TimeSpan TimeToLive)
{
    /// <summary>How long the database took, in whole milliseconds, where it was asked for this answer; else zero.</summary>
    public TimeSpan LoadTook { get; init; }
}
