using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>The steps of a report as points over time, in seconds from the end of the warm-up.</summary>
internal static class Timeline
{
    /// <summary>Until the end of the last step; 1 of none.</summary>
    public static double Span(LoadReport report) => report.Timeline.Count == 0 ? 1 : report.Timeline[^1].At + report.StepSeconds;

    /// <summary>Each in the middle of its step.</summary>
    public static IReadOnlyList<ChartPoint> Points(LoadReport report, Func<StepFigures, double?> value) =>
        [.. report.Timeline.Select(step => new ChartPoint(step.At + report.StepSeconds / 2, value(step)))];
}
