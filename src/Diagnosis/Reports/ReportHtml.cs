using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>
/// A report as one page that needs nothing else: no script, no image, no font, no style from elsewhere. What others have written (statements,
/// names) is escaped and cut; the page stays below a few megabytes whatever the report holds.
/// </summary>
public static class ReportHtml
{
    /// <summary>What the page may do, as a Content-Security-Policy: show itself.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>The whole document.</summary>
    public static string Write(DiagnosisReport report)
    {
        var html = new HtmlWriter();
        html.Raw("<!doctype html>\n");
        using (html.In("html", ("lang", "en")))
        {
            using (html.In("head"))
                WriteHead(html, report);
            using (html.In("body"))
            {
                HeadSection.Write(html, report);
                using (html.In("main"))
                    WriteSections(html, report);
                html.Add("footer", $"Looked at for {Quantity.Milliseconds(report.Took.TotalMilliseconds)} from {report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
            }
        }
        return html.ToString();
    }

    private static void WriteHead(HtmlWriter html, DiagnosisReport report)
    {
        html.AddVoid("meta", ("charset", "utf-8"));
        html.AddVoid("meta", ("http-equiv", "Content-Security-Policy"), ("content", ContentSecurityPolicy));
        html.AddVoid("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.AddVoid("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.AddVoid("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Add("title", $"{Verdict.Of(report).Sentence} – diagnosis of {Quantity.Time(report.At)}");
        using (html.In("style"))
            html.Raw(StyleSheet.Text);
    }

    private static void WriteSections(HtmlWriter html, DiagnosisReport report)
    {
        FindingSection.Write(html, report);
        ServerSection.Write(html, report);
        QuerySection.Write(html, report);
        CacheSection.Write(html, report);
        TrendSection.Write(html, report);
        NotSeenSection.Write(html, report);
    }
}
