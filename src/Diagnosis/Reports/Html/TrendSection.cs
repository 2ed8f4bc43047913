namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>How the runs so far went.</summary>
internal static class TrendSection
{
    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        if (report.History.Count == 0)
            return;

        using (html.In("section", ("aria-labelledby", "trends")))
        {
            html.Add("h2", "Trends", ("id", "trends"));
            using (html.In("div", ("class", "charts")))
            {
                TrendChart.Write(html, "Database size", report.History, point => point.DatabaseBytes, value => Quantity.Bytes(value), TrendScale.Narrow);
                TrendChart.Write(html, "Connections", report.History, point => point.Connections, value => Quantity.Number(value), TrendScale.FromZero);
                TrendChart.Write(html, "Mean query time", report.History, point => point.MeanQueryMs, value => Quantity.Milliseconds(value), TrendScale.FromZero);
                TrendChart.Write(html, "Cache hits", report.History, point => point.HitRatio, value => Quantity.Percent(value), (_, _) => TrendScale.Share);
            }
        }
    }
}
