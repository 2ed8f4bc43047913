using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;
using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>Latency p95 over time before and after, as a self-contained SVG for light and dark ground.</summary>
internal static class BeforeAfterPicture
{
    private const string Title = "Latency p95 of the same load, before and after";
    private const string Style = """
        text { font: 13px system-ui, sans-serif; fill: #57606a }
        .title { font-size: 17px; font-weight: 600; fill: #1f2328 }
        .key { font-size: 15px; font-weight: 600; fill: #1f2328 }
        .ground { fill: #ffffff }
        path { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
        .grid { stroke: #d1d9e0; stroke-width: 1 } .objective { stroke: #57606a; stroke-width: 1.5; stroke-dasharray: 2 5 }
        .before { stroke: #b3261e } .after { stroke: #2458c5 }
        @media (prefers-color-scheme: dark) {
          text { fill: #9198a1 } .title, .key { fill: #e6edf3 } .ground { fill: #0d1117 }
          .grid { stroke: #3d444d } .objective { stroke: #9198a1 } .before { stroke: #ff9d94 } .after { stroke: #86abff }
        }
        """;

    private static readonly ChartFrame Frame = new(900, 470, 82, 876, 140, 406);

    public static string Draw(ReplayReport report)
    {
        HtmlWriter svg = new();
        RunFigures before = RunSummary.Of(report.Before), after = RunSummary.Of(report.After);
        using (svg.In(
            "svg",
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("viewBox", $"0 0 {Frame.Width} {Frame.Height}"),
            ("role", "img"),
            ("aria-labelledby", "title desc")))
        {
            svg.Add("title", Title, ("id", "title"));
            svg.Add("desc", $"Before: {Words(before)}. After: {Words(after)}.", ("id", "desc"));
            using (svg.In("style"))
                svg.Raw(Style);
            svg.Add("rect", "", ("class", "ground"), ("width", $"{Frame.Width}"), ("height", $"{Frame.Height}"), ("rx", "8"));
            svg.Add("text", Heading(report), ("class", "title"), ("x", "24"), ("y", "34"));
            WriteKey(svg, "before", before, 62);
            WriteKey(svg, "after", after, 86);
            Chart chart = ReplayCharts.LatencyOverTime(report, Frame);
            ChartPlot.Write(svg, chart);
            double objective = Frame.Y(chart.Up.ShareOf(ReplayCharts.ObjectiveP95));
            svg.Add(
                "text",
                $"objective {Milliseconds.Text(ReplayCharts.ObjectiveP95)}",
                ("x", $"{Frame.Right}"),
                ("y", Coordinate.Of(objective - 7)),
                ("text-anchor", "end"));
        }

        return svg.ToString();
    }

    private static string Heading(ReplayReport report) =>
        Invariant($"{Title}: {report.SetUp.OfferedRate:#,0.#} requests per second")
        + (report.IsQuick ? " (quick run, no measurement)" : "");

    private static string Words(RunFigures figures) =>
        $"p95 {Milliseconds.Text(figures.P95)}, {ReplayFigure.Percent(figures.ErrorShare)} errors, {ReplayFigure.Percent(figures.HitRatio)} cache hits";

    private static void WriteKey(HtmlWriter svg, string state, RunFigures figures, int y)
    {
        svg.Add("path", "", ("class", state), ("d", $"M24 {y - 5}h26"));
        svg.Add("text", $"{state}: {Words(figures)}", ("class", "key"), ("x", "60"), ("y", $"{y}"));
    }
}
