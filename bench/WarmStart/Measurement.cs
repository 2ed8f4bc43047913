namespace TByte.Functions.WarmStart;

/// <summary>How much is measured.</summary>
/// <param name="Variants">Each is measured at each point.</param>
/// <param name="Points">Restarts of everything, spread evenly over the trace.</param>
/// <param name="Reads">Reads after each restart.</param>
/// <param name="Alone">With this variant an instance is then restarted alone, for as many reads of its own; null for none.</param>
internal sealed record MeasurementPlan(IReadOnlyList<Variant> Variants, int Points, int Reads, Variant? Alone)
{
    /// <summary>Instances of the fleet, which are read in turn.</summary>
    public const int Instances = 3;

    /// <summary>Reads that follow the last point.</summary>
    public int ReadsAfter => (1 + Instances) * Reads;

    /// <summary>Where in a trace of so many reads everything is restarted.</summary>
    public IEnumerable<int> Positions(int reads) =>
        Enumerable.Range(1, Points).Select(point => (int)((long)(reads - ReadsAfter) * point / Points));
}

/// <summary>The restart of one instance.</summary>
/// <param name="Warmed">Products that were in its memory before its first read.</param>
/// <param name="Itself">Its first reads.</param>
/// <param name="Others">What the other instances answered meanwhile.</param>
internal sealed record RestartedInstance(int Warmed, ReadLog Itself, ReadLog Others);

/// <summary>A restart of everything.</summary>
/// <param name="Variant">How the cache was warmed.</param>
/// <param name="Warmed">How many products that were.</param>
/// <param name="Log">The reads after it.</param>
/// <param name="Alone">The restart of one instance thereafter; null where there was none.</param>
/// <param name="LoadedAgain">Reads that loaded what had been loaded since: more than none, and the figures are not to be trusted.</param>
internal sealed record Restart(Variant Variant, int Warmed, ReadLog Log, RestartedInstance? Alone, int LoadedAgain);

/// <summary>What came of a measurement.</summary>
/// <param name="Restarts">One for each variant at each point.</param>
/// <param name="Replayed">Reads of the trace, each counted once.</param>
/// <param name="Views">Views in the database at the end.</param>
internal sealed record Measurement(IReadOnlyList<Restart> Restarts, long Replayed, long Views)
{
    /// <summary>The restarts of one instance.</summary>
    public IReadOnlyList<RestartedInstance> Alone { get; } =
        [.. Restarts.Select(static restart => restart.Alone).OfType<RestartedInstance>()];

    /// <summary>A variant's reads after each of its restarts.</summary>
    public IReadOnlyList<ReadLog> LogsOf(Variant variant) =>
        [.. Restarts.Where(restart => restart.Variant == variant).Select(static restart => restart.Log)];

    /// <summary>A variant's share of hits, over all its restarts.</summary>
    public double HitRatioOf(Variant variant) => LogsOf(variant).Average(static log => log.HitRatio);
}
