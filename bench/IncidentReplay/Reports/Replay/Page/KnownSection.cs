using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>What must be known to read the figures.</summary>
internal static class KnownSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
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
}
