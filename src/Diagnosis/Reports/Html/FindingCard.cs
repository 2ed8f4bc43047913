namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>One finding: what, how sure, by which numbers, with what effect, and what to do.</summary>
internal static class FindingCard
{
    private const int MostMeasurements = 40;
    private const int MostStatements = 20;
    private const int MostOfName = 200;

    public static void Write(HtmlWriter html, Finding finding, string anchor)
    {
        using (html.In("article", ("class", "card " + SeverityMark.Class(finding.Severity)), ("id", anchor), ("aria-labelledby", anchor + "-what")))
        {
            using (html.In("header"))
            {
                using (html.In("p", ("class", "meta")))
                {
                    SeverityMark.Write(html, finding.Severity);
                    html.Add("span", VisibleText.Line(finding.Subject, MostOfName), ("class", "subject"));
                    html.Add("span", VisibleText.Line(finding.Rule, MostOfName), ("class", "rule"));
                    html.Add("span", $"{Quantity.Percent(Math.Clamp(finding.Confidence, 0, 1))} sure");
                }
                html.Add("h3", VisibleText.Line(finding.What, VisibleText.MostOfSentence), ("id", anchor + "-what"));
            }
            using (html.In("div", ("class", "effect")))
                WritePart(html, "Effect", finding.Effect);
            if (finding.Evidence.Count > 0)
                WriteEvidence(html, finding.Evidence);
            using (html.In("div", ("class", "remedy")))
            {
                WriteRemedy(html, finding.Remedy);
                WritePart(html, "How to see that it has helped", finding.Verify);
            }
        }
    }

    private static void WriteEvidence(HtmlWriter html, IReadOnlyList<Measurement> evidence)
    {
        using (html.In("table", ("class", "evidence")))
        {
            html.Add("caption", "Evidence");
            using (html.In("thead"))
            using (html.In("tr"))
            {
                html.Add("th", "Measured", ("scope", "col"));
                html.Add("th", "Value", ("scope", "col"), ("class", "number"));
                html.Add("th", "Bound", ("scope", "col"), ("class", "number"));
            }
            using (html.In("tbody"))
            {
                foreach (Measurement measured in evidence.Take(MostMeasurements))
                    WriteMeasurement(html, measured);
            }
        }
    }

    private static void WriteMeasurement(HtmlWriter html, Measurement measured)
    {
        using (html.In("tr"))
        {
            html.Add("th", VisibleText.Line(measured.Name, MostOfName), ("scope", "row"));
            html.Add("td", Quantity.Of(measured.Value, measured.Unit), ("class", "number"));
            html.Add("td", measured.Threshold is { } bound ? Quantity.Of(bound, measured.Unit) : "–", ("class", "number quiet"));
        }
    }

    private static void WriteRemedy(HtmlWriter html, Remedy remedy)
    {
        WritePart(html, "What to do", remedy.Text);
        foreach (string statement in remedy.Sql.Take(MostStatements))
            Code.Write(html, ReportStatement.Ended(statement));
        if (remedy.Sql.Count > MostStatements)
            html.Add("p", $"{remedy.Sql.Count - MostStatements:N0} more statements are in the JSON.", ("class", "note"));
        if (remedy.Setting is { } setting)
        {
            html.Add("p", "Setting", ("class", "label"));
            Code.Write(html, setting);
        }
    }

    private static void WritePart(HtmlWriter html, string heading, string text)
    {
        html.Add("h4", heading);
        html.Add("p", VisibleText.Block(text, VisibleText.MostOfStatement));
    }
}
