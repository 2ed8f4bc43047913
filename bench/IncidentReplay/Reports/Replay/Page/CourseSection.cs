using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>Both states under the same load, in the same charts.</summary>
internal static class CourseSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        MeasuredRun before = report.Before, after = report.After;
        ChartAxis time = ChartAxes.Time(Math.Max(Timeline.Span(before.Load), Timeline.Span(after.Load)), "seconds of the load");
        html.Add("h2", "Before and after under the same load");
        using (html.In("div", ("class", "timelines pairs")))
        {
            ChartFigure.Write(html, ReplayCharts.LatencyOverTime(report, ChartFrame.Half));
            ChartFigure.Write(html, ReplayCharts.LatencyByPercentile(report));
        }

        using (html.In("div", ("class", "timelines triples")))
        {
            ChartFigure.Write(html, Draw("Cache hits", "answers from a cache", ChartAxes.Share, RunSummary.Hits));
            ChartFigure.Write(html, Draw("Errors and 429", "requests per second", ChartAxes.Count, RunSummary.FailedRate));
            ChartFigure.Write(html, Draw("Database load", "of the database's processors", ChartAxes.Share, RunSummary.DatabaseLoad));
        }

        Chart Draw(
            string name, string unit, Func<IEnumerable<double>, string, ChartAxis> axis, Func<MeasuredRun, IReadOnlyList<ChartPoint>> points)
        {
            IReadOnlyList<ChartLine> lines = ReplayCharts.Both(report, points);
            return new Chart(name, ChartFrame.Third, time, axis(ReplayCharts.Known(lines), unit), lines);
        }
    }
}
