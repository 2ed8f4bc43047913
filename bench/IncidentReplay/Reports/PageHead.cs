using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>The head of a page that needs nothing else: no script, no image, no font, no style from elsewhere.</summary>
internal static class PageHead
{
    private const string ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";

    public static void Write(HtmlWriter html, string title)
    {
        using (html.In("head"))
        {
            html.AddVoid("meta", ("charset", "utf-8"));
            html.AddVoid("meta", ("http-equiv", "Content-Security-Policy"), ("content", ContentSecurityPolicy));
            html.AddVoid("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            html.AddVoid("meta", ("name", "color-scheme"), ("content", "light dark"));
            html.AddVoid("meta", ("name", "referrer"), ("content", "no-referrer"));
            html.Add("title", title);
            using (html.In("style"))
            {
                html.Raw(StyleSheet.Text);
                html.Raw(ChartStyle());
            }
        }
    }

    private static string ChartStyle()
    {
        using Stream resource = typeof(PageHead).Assembly.GetManifestResourceStream(typeof(PageHead), "charts.css")!;
        using StreamReader reader = new(resource);
        return reader.ReadToEnd();
    }
}
