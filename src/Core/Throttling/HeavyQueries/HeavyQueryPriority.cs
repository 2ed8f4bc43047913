namespace TByte.Functions.Throttling;

/// <summary>Who waits for a heavy query.</summary>
public enum HeavyQueryPriority
{
    /// <summary>A person.</summary>
    Interactive,

    /// <summary>Nobody: it may be done later, and is while the database has enough to do.</summary>
    Background,
}
