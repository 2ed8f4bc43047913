using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>What fails in the middle of a load, and what comes of it.</summary>
internal static class OutageSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        if (report.Outages.Count == 0)
            return;
        html.Add("h2", "When something fails");
        foreach (Outage outage in report.Outages)
        {
            using (html.In("section", ("class", "outage")))
                WriteOutage(html, outage);
        }
    }

    private static void WriteOutage(HtmlWriter html, Outage outage)
    {
        html.Add("h3", outage.Title);
        html.Add("p", outage.Description, ("class", "description"));
        if (outage.Run is { } run)
        {
            using (html.In("div", ("class", "timelines pairs")))
                WriteCharts(html, outage, run);
        }

        if (outage.Figures.Count == 0)
            return;
        DataTable.Write(
            html,
            "What came of it.",
            outage.Figures,
            new("figure", figure => html.Text(figure.Name)),
            new("value", figure => html.Add("strong", figure.Value), DataTable.Number),
            new("bound", figure => html.Text(figure.Bound), DataTable.Number),
            new("verdict", figure => WriteMark(html, figure)));
    }

    private static void WriteMark(HtmlWriter html, OutageFigure figure)
    {
        if (figure.Bound.Length > 0)
            ReachedMark.Write(html, figure.IsReached);
    }

    private static void WriteCharts(HtmlWriter html, Outage outage, MeasuredRun run)
    {
        LoadReport load = run.Load;
        double span = Timeline.Span(load);
        ChartAxis time = ChartAxes.Time(span, "seconds of the load");
        ChartMark[] marks =
            [.. outage.Marks.OrderBy(static mark => mark.At).Select(static mark => new ChartMark(mark.At, mark.Label))];

        IReadOnlyList<ChartLine> latency = [ReplayCharts.Objective(0, span), new("p95", "p95", RunSummary.P95(run))];
        Add("Latency p95", ReplayCharts.Latency(latency), latency);
        IReadOnlyList<ChartLine> failed =
        [
            new("errors", "errors", Timeline.Points(load, step => step.Errors / load.StepSeconds)),
            new("429", "limited", Timeline.Points(load, step => step.Limited / load.StepSeconds)),
        ];
        Add("Errors and refusals", ChartAxes.Count(ReplayCharts.Known(failed), "requests per second"), failed);
        if (load.All.HitRatio is not null)
            Add("Cache hits", ChartAxes.Share([], "answers from a cache"), [new("hits", "p95", RunSummary.Hits(run))]);
        IReadOnlyList<ChartLine> database = [new("database load", "p95", RunSummary.DatabaseLoad(run))];
        if (run.Database.Count > 0)
            Add("Database load", ChartAxes.Share(ReplayCharts.Known(database), "of the database's processors"), database);

        void Add(string name, ChartAxis up, IReadOnlyList<ChartLine> lines) =>
            ChartFigure.Write(html, new Chart(name, ChartFrame.Half.Below(marks.Length), time, up, lines) { Marks = marks });
    }
}
