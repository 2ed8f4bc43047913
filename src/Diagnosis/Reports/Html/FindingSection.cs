namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The findings, each a card; before many of them a list to jump from.</summary>
internal static class FindingSection
{
    private const int MostFindings = 100;
    private const int FewestToList = 4;

    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        using (html.In("section", ("aria-labelledby", "findings")))
        {
            html.Add("h2", "Findings", ("id", "findings"));
            if (report.Findings.Count == 0)
                html.Add("p", "None. Every rule that could be checked holds.", ("class", "note"));
            if (report.Findings.Count >= FewestToList)
                WriteList(html, report);

            foreach ((int index, Finding finding) in report.Findings.Take(MostFindings).Index())
                FindingCard.Write(html, finding, Anchor(index));
            if (report.Findings.Count > MostFindings)
                html.Add("p", $"{report.Findings.Count - MostFindings:N0} more are in the JSON.", ("class", "note"));
        }
    }

    private static void WriteList(HtmlWriter html, DiagnosisReport report)
    {
        using (html.In("nav", ("aria-label", "Findings")))
        using (html.In("ol", ("class", "index")))
        {
            foreach ((int index, Finding finding) in report.Findings.Take(MostFindings).Index())
            {
                using (html.In("li"))
                {
                    SeverityMark.Write(html, finding.Severity);
                    html.Add("a", VisibleText.Line(finding.What, VisibleText.MostOfSentence), ("href", "#" + Anchor(index)));
                }
            }
        }
    }

    private static string Anchor(int index) => $"finding-{index + 1}";
}
