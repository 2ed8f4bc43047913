namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>What a load has shown. Its JSON is read by programs: change <see cref="Format"/> when a member changes its meaning.</summary>
internal sealed record LoadReport
{
    public int Format { get; init; } = 1;

    public required DateTimeOffset StartedAt { get; init; }

    public required string Target { get; init; }

    /// <summary>What the load was sent from.</summary>
    public required string Machine { get; init; }

    /// <summary>How long was measured.</summary>
    public required double Seconds { get; init; }

    public required double WarmUpSeconds { get; init; }

    /// <summary>Whether it was told to end before its time.</summary>
    public required bool EndedEarly { get; init; }

    public required RateFigures Rate { get; init; }

    /// <summary>All kinds together.</summary>
    public required KindFigures All { get; init; }

    public required IReadOnlyList<KindFigures> Kinds { get; init; }

    public required IReadOnlyList<ErrorCount> Errors { get; init; }

    /// <summary>Requests whose end was not waited for; they are not counted.</summary>
    public required long Abandoned { get; init; }

    /// <summary>How long this machine kept requests back, in milliseconds: the 99th percentile, null of none. It is part of every latency.</summary>
    public required double? SendDelayP99 { get; init; }

    /// <summary>What must be known to read the figures.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    public required IReadOnlyList<Objective> Objectives { get; init; }

    /// <summary>How long a step of <see cref="Timeline"/> is.</summary>
    public required double StepSeconds { get; init; }

    public required IReadOnlyList<StepFigures> Timeline { get; init; }

    /// <summary>The distribution of all latencies.</summary>
    public required IReadOnlyList<PercentilePoint> Percentiles { get; init; }

    /// <summary>All latencies in microseconds, as HdrHistogram's compressed encoding (V2) in base64.</summary>
    public required string Histogram { get; init; }

    public bool IsHeld => Objectives.All(static objective => objective.IsHeld);
}

/// <summary>Requests per second.</summary>
/// <param name="Offered">That were due.</param>
/// <param name="Achieved">That were answered as they should be.</param>
internal sealed record RateFigures(double Offered, double Achieved);

/// <summary>Milliseconds, from when a request was due until it was answered well or given up; null of none.</summary>
internal sealed record LatencyFigures(double? P50, double? P95, double? P99, double? Max)
{
    public static LatencyFigures Of(LatencyHistogram latency) =>
        new(latency.Percentile(50), latency.Percentile(95), latency.Percentile(99), latency.Percentile(100));
}

/// <summary>What came of the requests of one kind.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Requests">All that were due.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="Limited">Those that a rate limit refused, which are no errors.</param>
/// <param name="Latency">Of what was answered well or given up.</param>
/// <param name="HitRatio">Share of hits among the answers that tell of the cache; null of none.</param>
/// <param name="StaleShare">Share of stale hits among them.</param>
internal sealed record KindFigures(
    string Kind, long Requests, long Errors, long Limited, LatencyFigures Latency, double? HitRatio, double? StaleShare)
{
    public static KindFigures Of(string kind, Tally.Count count) => new(
        kind,
        count.Requests,
        count.Errors,
        count.Limited,
        LatencyFigures.Of(count.Latency),
        count.HitRatio,
        count.Told == 0 ? null : (double)count.Stale / count.Told);
}

/// <summary>How often requests failed for one reason.</summary>
internal sealed record ErrorCount(string Reason, long Requests);

/// <summary>What was asked for, and what came.</summary>
internal sealed record Objective(string Name, string Figure, string Bound, bool IsHeld);

/// <summary>What was due in one step of time.</summary>
/// <param name="At">Its start, in seconds from the end of the warm-up.</param>
/// <param name="Requests">All that were due.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="Limited">Those that a rate limit refused.</param>
/// <param name="Latency">Of what was answered well or given up.</param>
/// <param name="HitRatio">Share of hits among the answers that tell of the cache; null of none.</param>
internal sealed record StepFigures(double At, long Requests, long Errors, long Limited, LatencyFigures Latency, double? HitRatio);
