using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Latency and errors over time.</summary>
internal static class TimelineCharts
{
    public static void Write(HtmlWriter html, LoadReport report)
    {
        ChartAxis time = ChartAxes.Time(Timeline.Span(report));
        ChartFigure.Write(html, new Chart(
            "Latency over time",
            ChartFrame.Wide,
            time,
            ChartAxes.Latency(report.Timeline.SelectMany(static step => new[] { step.Latency.P50, step.Latency.P99 })),
            [
                new("p50", "p50", Timeline.Points(report, static step => step.Latency.P50)),
                new("p95", "p95", Timeline.Points(report, static step => step.Latency.P95)),
                new("p99", "p99", Timeline.Points(report, static step => step.Latency.P99)),
            ]));
        ChartFigure.Write(html, new Chart(
            "Requests that failed or were refused, per second",
            ChartFrame.Wide,
            time,
            ChartAxes.Count(report.Timeline.Select(step => Math.Max(step.Errors, step.Limited) / report.StepSeconds)),
            [
                new("errors", "errors", Timeline.Points(report, step => step.Errors / report.StepSeconds)),
                new("429", "limited", Timeline.Points(report, step => step.Limited / report.StepSeconds)),
            ]));
    }
}
