using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>The report as one page that needs nothing else.</summary>
internal static class ReportPage
{
    public static string Write(LoadReport report)
    {
        HtmlWriter html = new();
        html.Raw("<!doctype html>\n");
        using (html.In("html", ("lang", "en")))
        {
            PageHead.Write(html, $"{Verdict(report)} – load on {report.Target}");
            using (html.In("body"))
            {
                WriteTop(html, report);
                using (html.In("main"))
                    WriteMain(html, report);
                html.Add("footer", $"Sent from {report.Machine}.");
            }
        }

        return html.ToString();
    }

    private static string Verdict(LoadReport report) => report.IsHeld ? "The objectives hold" : "The objectives do not hold";

    private static void WriteTop(HtmlWriter html, LoadReport report)
    {
        using (html.In("header", ("class", report.IsHeld ? "top" : "top high")))
        {
            html.Add("p", $"Load on {report.Target}", ("class", "kicker"));
            html.Add("h1", $"{Verdict(report)}.");
            html.Add("p", $"{report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {report.Seconds:0.#} s measured after {report.WarmUpSeconds:0.#} s that are not counted.", ("class", "when"));
            using (html.In("dl", ("class", "tiles")))
            {
                Tile.Write(html, "requests", $"{report.All.Requests:N0}", $"{report.Rate.Offered:0.0} a second offered");
                Tile.Write(html, "answered well", $"{report.Rate.Achieved:0.0}/s");
                Tile.Write(html, "p95", Milliseconds.Text(report.All.Latency.P95), $"p99 {Milliseconds.Text(report.All.Latency.P99)}");
                Tile.Write(html, "errors", $"{report.All.Errors:N0}", $"and {report.All.Limited:N0} refused (429)");
                Tile.Write(html, "cache hits", Milliseconds.Percent(report.All.HitRatio), $"{Milliseconds.Percent(report.All.StaleShare)} stale");
            }
        }
    }

    private static void WriteMain(HtmlWriter html, LoadReport report)
    {
        html.Add("h2", "Objectives");
        DataTable.Write(
            html,
            "What was asked for, and what came.",
            report.Objectives,
            new("objective", objective => html.Text(objective.Name)),
            new("figure", objective => html.Text(objective.Figure), DataTable.Number),
            new("bound", objective => html.Text(objective.Bound), DataTable.Number),
            new("", objective => html.Add("span", objective.IsHeld ? "held" : "not held", ("class", objective.IsHeld ? "mark well" : "mark high"))));
        WriteFindings(html, report);
        html.Add("h2", "Over time");
        using (html.In("div", ("class", "timelines")))
            TimelineCharts.Write(html, report);
        html.Add("h2", "By kind");
        WriteKinds(html, report);
        if (report.Errors.Count == 0)
            return;
        html.Add("h2", "Errors");
        DataTable.Write(
            html,
            "Requests that failed, by reason.",
            report.Errors,
            new("reason", error => html.Text(error.Reason)),
            new("requests", error => html.Text($"{error.Requests:N0}"), DataTable.Number));
    }

    private static void WriteFindings(HtmlWriter html, LoadReport report)
    {
        if (report.Findings.Count == 0)
            return;
        html.Add("h2", "To be known");
        using (html.In("ul", ("class", "not-seen")))
        {
            foreach (string finding in report.Findings)
                html.Add("li", finding);
        }
    }

    private static void WriteKinds(HtmlWriter html, LoadReport report) => DataTable.Write(
        html,
        "Latency counts from when a request was due until it was answered well or given up; what is refused or fails at once has none.",
        report.Kinds.Append(report.All),
        new("kind", kind => html.Text(kind.Kind)),
        new("requests", kind => html.Text($"{kind.Requests:N0}"), DataTable.Number),
        new("p50", kind => html.Text(Milliseconds.Text(kind.Latency.P50)), DataTable.Number),
        new("p95", kind => html.Text(Milliseconds.Text(kind.Latency.P95)), DataTable.Number),
        new("p99", kind => html.Text(Milliseconds.Text(kind.Latency.P99)), DataTable.Number),
        new("max", kind => html.Text(Milliseconds.Text(kind.Latency.Max)), DataTable.Number),
        new("errors", kind => html.Text($"{kind.Errors:N0}"), DataTable.Number),
        new("429", kind => html.Text($"{kind.Limited:N0}"), DataTable.Number),
        new("hits", kind => html.Text(Milliseconds.Percent(kind.HitRatio)), DataTable.Number),
        new("stale", kind => html.Text(Milliseconds.Percent(kind.StaleShare)), DataTable.Number));
}
