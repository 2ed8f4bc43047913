namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The statements that took the most time.</summary>
internal static class QuerySection
{
    private const int MostQueries = 50;
    private const int MostOfName = 100;

    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        using (html.In("section", ("aria-labelledby", "queries")))
        {
            html.Add("h2", "Slowest queries", ("id", "queries"));
            if (report.Queries.Count == 0)
            {
                html.Add("p", "No statement is known to have taken time.", ("class", "note"));
                return;
            }

            DataTable.Write<QuerySummary>(
                html,
                $"By their share in the time of all statements of their server, in {Quantity.Window(report.Window)}",
                report.Queries.Take(MostQueries),
                new("Statement", query => Code.Write(html, query.Text), DataTable.Wide),
                new("Share", query => WriteShare(html, query.Share), DataTable.Number),
                new("Mean", query => html.Text(Quantity.Milliseconds(query.MeanMs)), DataTable.Number),
                new("Calls", query => html.Text(query.Calls.ToString("N0", null)), DataTable.Number),
                new("Server", query => html.Text(VisibleText.Line(query.Server, MostOfName))));
        }
    }

    private static void WriteShare(HtmlWriter html, double share)
    {
        html.Text(Quantity.Percent(share));
        double width = double.IsFinite(share) ? Math.Clamp(share, 0, 1) * 100 : 0;
        using (html.In("svg", ("class", "bar"), ("viewBox", "0 0 100 6"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")))
        {
            html.Add("rect", "", ("class", "track"), ("width", "100"), ("height", "6"));
            html.Add("rect", "", ("width", Coordinate.Of(width)), ("height", "6"));
        }
    }
}
