namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>What a replay of the incident has shown. Its JSON is read by programs: change <see cref="Format"/> when a member changes its meaning.</summary>
internal sealed record ReplayReport
{
    public int Format { get; init; } = 1;

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The command that makes such a report.</summary>
    public required string Command { get; init; }

    /// <summary>Whether only the direction was looked at: runs of seconds on a small shop, whose figures are no measurement.</summary>
    public required bool IsQuick { get; init; }

    public required SetUp SetUp { get; init; }

    /// <summary>The incident's figures, the ones here, and what must be reached.</summary>
    public required IReadOnlyList<VerdictRow> Verdict { get; init; }

    /// <summary>The incident's state under the offered load.</summary>
    public required MeasuredRun Before { get; init; }

    /// <summary>The product as shipped under the same load.</summary>
    public required MeasuredRun After { get; init; }

    public required Capacity BeforeCapacity { get; init; }

    public required Capacity AfterCapacity { get; init; }

    /// <summary>In the order of what each buys alone; empty in a quick run.</summary>
    public required IReadOnlyList<RemedyGain> Remedies { get; init; }

    public required IReadOnlyList<Outage> Outages { get; init; }

    /// <summary>What must be known to read the figures.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>Whether every bound is; in a quick run those of the outages do not count.</summary>
    public bool IsReached => Verdict.All(static row => row.IsReached)
        && (IsQuick || Outages.All(static outage => outage.Figures.All(static figure => figure.IsReached)));
}

/// <summary>What was measured on.</summary>
/// <param name="Machine">Processor, their number, system, runtime, load average at the start.</param>
/// <param name="Instances">Of the Api app, each a process of its own.</param>
/// <param name="Replicas">Of the database.</param>
/// <param name="DatabaseProcessors">How many processors the database servers share, whose whole time is a database load of 100 %.</param>
/// <param name="AreProcessorsApart">Whether nothing else runs on these.</param>
/// <param name="Contents">How large the shop is, in words.</param>
/// <param name="Traffic">Where the popularity of what is read comes from, in words.</param>
/// <param name="OfferedRate">Requests per second that before and after are measured under.</param>
internal sealed record SetUp(
    string Machine, int Instances, int Replicas, int DatabaseProcessors, bool AreProcessorsApart, string Contents, string Traffic, double OfferedRate);

/// <summary>One measure in four places.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Original">What the incident's document reports; "-" for nothing.</param>
/// <param name="Before">Here, in the incident's state; "-" where it was not measured.</param>
/// <param name="After">Here, as shipped.</param>
/// <param name="Change">What lies between, in words such as "-99.8 %" or "23 x".</param>
/// <param name="Bound">What must be reached.</param>
/// <param name="IsReached">Whether it is.</param>
internal sealed record VerdictRow(string Measure, string Original, string Before, string After, string Change, string Bound, bool IsReached);

/// <summary>A load, and what it was for the database servers.</summary>
/// <param name="Name">Short, unique in the report, fit for a file's name: <c>before</c>, <c>after</c>, <c>outage-redis</c>.</param>
/// <param name="Load">What clients saw.</param>
/// <param name="Database">Over the time of the load, one for each second.</param>
/// <param name="DatabaseLoad">Mean over the load: share of the processors' time, 1 for all of it.</param>
internal sealed record MeasuredRun(string Name, LoadReport Load, IReadOnlyList<DatabaseStep> Database, double DatabaseLoad);

/// <summary>How busy the database servers were in one step of time.</summary>
/// <param name="At">Its end, in seconds from the end of the warm-up.</param>
/// <param name="Load">All servers together: share of the processors' time, 1 for all of it.</param>
internal sealed record DatabaseStep(double At, double Load);

/// <summary>The highest load that is held within the objectives.</summary>
/// <param name="Held">Requests per second; 0 when none of <paramref name="Steps"/> was held.</param>
/// <param name="IsFound">Whether a higher load was tried that was not held.</param>
/// <param name="Steps">Every load that was tried, in the order of the rate.</param>
internal sealed record Capacity(double Held, bool IsFound, IReadOnlyList<CapacityStep> Steps);

/// <summary>A load that was tried.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="P95">Milliseconds; null when nothing was answered.</param>
/// <param name="ErrorShare">Requests that were not answered with 200, a refusal by a rate limit included.</param>
/// <param name="DatabaseLoad">Share of the processors' time.</param>
/// <param name="IsHeld">Whether the objectives hold.</param>
internal sealed record CapacityStep(double Rate, double? P95, double ErrorShare, double DatabaseLoad, bool IsHeld);

/// <summary>What one remedy buys at the offered load.</summary>
/// <param name="Name">Of the remedy.</param>
/// <param name="Description">What it sets, in one sentence.</param>
/// <param name="Alone">The incident's state with it.</param>
/// <param name="Without">The product as shipped without it.</param>
internal sealed record RemedyGain(string Name, string Description, RunFigures Alone, RunFigures Without);

/// <summary>A run in five figures.</summary>
/// <param name="P50">Milliseconds; null when nothing was answered.</param>
/// <param name="P95">Likewise.</param>
/// <param name="ErrorShare">Requests that were not answered with 200, a refusal by a rate limit included.</param>
/// <param name="HitRatio">Share of hits; null when no answer told.</param>
/// <param name="DatabaseLoad">Share of the processors' time.</param>
internal sealed record RunFigures(double? P50, double? P95, double ErrorShare, double? HitRatio, double DatabaseLoad);

/// <summary>A fault in the middle of a load, in the state as shipped.</summary>
/// <param name="Title">What fails.</param>
/// <param name="Description">How, and what is to be expected.</param>
/// <param name="Run">The load, before, during and after the fault; null when there is none that goes on.</param>
/// <param name="Marks">What happened when.</param>
/// <param name="Figures">What came of it.</param>
internal sealed record Outage(string Title, string Description, MeasuredRun? Run, IReadOnlyList<OutageMark> Marks, IReadOnlyList<OutageFigure> Figures);

/// <summary>Something that happened in a run.</summary>
/// <param name="At">Seconds from the end of the warm-up.</param>
/// <param name="Label">What.</param>
internal sealed record OutageMark(double At, string Label);

/// <summary>A figure of an outage.</summary>
/// <param name="Name">What it says.</param>
/// <param name="Value">With its unit.</param>
/// <param name="Bound">What must be reached; empty when it is told only.</param>
/// <param name="IsReached">Whether it is; true when nothing must be.</param>
internal sealed record OutageFigure(string Name, string Value, string Bound, bool IsReached);
