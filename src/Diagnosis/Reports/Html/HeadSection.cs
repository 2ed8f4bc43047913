namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The verdict, and the figures that people ask for first.</summary>
internal static class HeadSection
{
    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        Verdict verdict = Verdict.Of(report);
        using (html.In("header", ("class", "top " + Tone(verdict))))
        {
            html.Add("p", "Diagnosis of database and cache", ("class", "kicker"));
            html.Add("h1", verdict.Sentence);
            using (html.In("p", ("class", "when")))
            {
                html.Add("time", Quantity.Time(report.At), ("datetime", report.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null)));
                html.Text($"– figures are of {Quantity.Window(report.Window)}.");
            }
            using (html.In("dl", ("class", "tiles")))
                WriteTiles(html, report);
        }
    }

    private static void WriteTiles(HtmlWriter html, DiagnosisReport report)
    {
        int high = report.Findings.Count(finding => finding.Severity == Severity.High);
        Tile.Write(
            html, "Findings", report.Findings.Count.ToString("N0", null),
            high > 0 ? $"{high} of them high" : report.Findings.Count > 0 ? "none of them high" : "nothing to do");
        if (report.Servers is [{ Problem: null } primary, ..])
        {
            Tile.Write(html, "Database", Quantity.Bytes(primary.DatabaseBytes), $"PostgreSQL {VisibleText.Line(primary.Version ?? "?", 40)}");
            Tile.Write(html, "Connections", Quantity.Number(primary.Connections), $"of {Quantity.Number(primary.MaxConnections)}");
        }
        if (report.Cache is { HitRatio: { } hits })
            Tile.Write(html, "Cache hits", Quantity.Percent(hits), "of all reads");
    }

    private static string Tone(Verdict verdict) => verdict switch
    {
        { Worst: { } worst } => SeverityMark.Class(worst),
        { IsKnown: false } => SeverityMark.Class(Severity.Medium),
        _ => "well",
    };
}
