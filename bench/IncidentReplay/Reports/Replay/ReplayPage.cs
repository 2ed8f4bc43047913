using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Replay.Page;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>What a replay has shown as one page that needs nothing else.</summary>
internal static class ReplayPage
{
    public static string Write(ReplayReport report)
    {
        HtmlWriter html = new();
        html.Raw("<!doctype html>\n");
        using (html.In("html", ("lang", "en")))
        {
            PageHead.Write(html, $"{ReplayVerdict.Sentence(report)} – the incident before and after");
            using (html.In("body"))
            {
                TopSection.Write(html, report);
                using (html.In("main"))
                {
                    VerdictSection.Write(html, report);
                    CourseSection.Write(html, report);
                    CapacitySection.Write(html, report);
                    RemedySection.Write(html, report);
                    OutageSection.Write(html, report);
                    KnownSection.Write(html, report);
                    SetUpSection.Write(html, report);
                }
                html.Add("footer", $"Measured on {report.SetUp.Machine}.");
            }
        }

        return html.ToString();
    }
}
