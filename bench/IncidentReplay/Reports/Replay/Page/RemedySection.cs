using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>What each remedy buys.</summary>
internal static class RemedySection
{
    private static readonly string[] Columns = ["p95", "errors", "hits", "database"];

    public static void Write(HtmlWriter html, ReplayReport report)
    {
        if (report.Remedies.Count == 0)
            return;
        html.Add("h2", "What each remedy buys");
        using (html.In("div", ("class", "timelines pairs")))
        {
            RemedyChart.Write(html, "p95 with this remedy alone", report, report.Before, static remedy => remedy.Alone);
            RemedyChart.Write(html, "p95 with all but this remedy", report, report.After, static remedy => remedy.Without);
        }

        using (html.In("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Remedies")))
        using (html.In("table", ("class", "remedies")))
        {
            html.Add("caption", "Alone: the incident's state with this remedy. Without: the product as shipped without it.");
            using (html.In("thead"))
                WriteHead(html);
            using (html.In("tbody"))
                WriteRows(html, report);
        }
    }

    private static void WriteHead(HtmlWriter html)
    {
        using (html.In("tr"))
        {
            html.Add("th", "remedy", ("scope", "col"), ("rowspan", "2"));
            html.Add("th", "alone", ("scope", "colgroup"), ("colspan", $"{Columns.Length}"), ("class", "group"));
            html.Add("th", "without", ("scope", "colgroup"), ("colspan", $"{Columns.Length}"), ("class", "group"));
        }

        using (html.In("tr"))
        {
            foreach ((int i, string column) in Columns.Concat(Columns).Index())
                html.Add("th", column, ("scope", "col"), ("class", Class(i)));
        }
    }

    private static void WriteRows(HtmlWriter html, ReplayReport report)
    {
        WriteRow(html, "before", "No remedy: the incident's state.", RunSummary.Of(report.Before), null);
        foreach (RemedyGain remedy in report.Remedies)
            WriteRow(html, remedy.Name, remedy.Description, remedy.Alone, remedy.Without);
        WriteRow(html, "after", "All remedies: the product as shipped.", null, RunSummary.Of(report.After));
    }

    private static void WriteRow(HtmlWriter html, string name, string description, RunFigures? alone, RunFigures? without)
    {
        using (html.In("tr", ("class", alone is null || without is null ? "end" : "")))
        {
            using (html.In("th", ("scope", "row")))
            {
                html.Text(name);
                html.Add("span", description);
            }

            foreach ((int i, string cell) in Cells(alone).Concat(Cells(without)).Index())
                html.Add("td", cell, ("class", Class(i)));
        }
    }

    private static string[] Cells(RunFigures? figures) => figures is null
        ? ["", "", "", ""]
        : [
            Milliseconds.Text(figures.P95),
            ReplayFigure.Percent(figures.ErrorShare),
            ReplayFigure.Percent(figures.HitRatio),
            ReplayFigure.Percent(figures.DatabaseLoad),
        ];

    private static string Class(int column) => column % Columns.Length == 0 ? "number group" : "number";
}
