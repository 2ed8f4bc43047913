using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>Measure by measure: then, before, after, and what must be reached.</summary>
internal static class VerdictSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        if (report.Verdict.Count == 0)
            return;
        html.Add("h2", "What the cure had to reach");
        DataTable.Write(
            html,
            "The incident as it was reported, the same state here, and the product as shipped.",
            report.Verdict,
            new("measure", row => html.Add("strong", row.Measure)),
            new("original", row => html.Text(row.Original)),
            new("before", row => html.Text(row.Before)),
            new("after", row => html.Add("strong", row.After)),
            new("change", row => html.Text(row.Change), DataTable.Number),
            new("bound", row => html.Text(row.Bound), DataTable.Number),
            new("verdict", row => ReachedMark.Write(html, row.IsReached)));
    }
}
