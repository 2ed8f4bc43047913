namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>What could not be looked at, with the statement that lets it be seen.</summary>
internal static class NotSeenSection
{
    private const int MostRows = 100;

    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        if (report.NotSeen.Count == 0)
            return;

        using (html.In("section", ("aria-labelledby", "not-seen")))
        {
            html.Add("h2", "What could not be seen", ("id", "not-seen"));
            using (html.In("ul", ("class", "not-seen")))
            {
                foreach (NotSeen hidden in report.NotSeen.Take(MostRows))
                    WriteItem(html, hidden);
            }
            if (report.NotSeen.Count > MostRows)
                html.Add("p", $"{report.NotSeen.Count - MostRows:N0} more are in the JSON.", ("class", "note"));
        }
    }

    private static void WriteItem(HtmlWriter html, NotSeen hidden)
    {
        using (html.In("li"))
        {
            html.Add("strong", VisibleText.Line(hidden.Subject, VisibleText.MostOfSentence));
            html.Add("p", VisibleText.Block(hidden.Reason, VisibleText.MostOfSentence));
            if (hidden.Grant is { } grant)
                Code.Write(html, ReportStatement.Ended(grant));
        }
    }
}
