using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>What was measured on, how to measure it again, and the files of the report.</summary>
internal static class SetUpSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        html.Add("h2", "How it was measured");
        using (html.In("dl", ("class", "facts")))
        {
            foreach ((string name, string value) in SetUpFacts.Of(report))
            {
                html.Add("dt", name);
                html.Add("dd", value);
            }
        }

        html.Add("h3", "To measure it again");
        Code.Write(html, report.Command);
        html.Add("h3", "The files of this report");
        using (html.In("dl", ("class", "facts")))
        {
            foreach ((string file, string contents) in SetUpFacts.Files)
            {
                using (html.In("dt"))
                    html.Add("code", file);
                html.Add("dd", contents);
            }
        }
    }
}
