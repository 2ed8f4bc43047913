namespace TByte.Functions.Throttling;

/// <summary>A limit with its name, and what follows from its window.</summary>
/// <param name="Name">As headers, metrics and keys call it.</param>
/// <param name="Permits">Permits in every window.</param>
/// <param name="Window">The window.</param>
public sealed record RateLimitPolicy(string Name, int Permits, TimeSpan Window)
{
    /// <summary>What was spent counts by slices of the window: fewer make Redis remember less, and permits come back later by up to one.</summary>
    internal TimeSpan Slice => Window / 32;

    /// <summary>How long an instance may spend what it took ahead.</summary>
    internal TimeSpan Lease => Window / 10;
}
