using TByte.Functions.Diagnosis.Reports.Html;
using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Charts;

/// <summary>A chart with its name and its legend, in a page.</summary>
internal static class ChartFigure
{
    public static void Write(HtmlWriter html, Chart chart)
    {
        using (html.In("figure", ("class", "timeline")))
        {
            using (html.In("figcaption"))
            {
                html.Add("strong", chart.Name);
                foreach (ChartLine line in chart.Lines.Where(static line => line.Name.Length > 0))
                    WriteKey(html, line);
            }

            using (html.In("svg", ("viewBox", $"0 0 {chart.Frame.Width} {chart.Frame.Height}"), ("class", chart.Frame.Class), ("role", "img"), ("aria-label", Describe(chart))))
                ChartPlot.Write(html, chart);
            if (chart.Note.Length > 0)
                html.Add("p", chart.Note, ("class", "note"));
        }
    }

    private static void WriteKey(HtmlWriter html, ChartLine line)
    {
        using (html.In("span"))
        {
            using (html.In("svg", ("viewBox", "0 0 28 10"), ("aria-hidden", "true")))
                html.Add("path", "", ("class", line.Class), ("d", "M1 5H27"));
            html.Text(line.Name);
        }
    }

    private static string Describe(Chart chart) => $"{chart.Name}. " + string.Join(
        ' ',
        chart.Lines.Where(static line => line.Name.Length > 0)
            .Select(static line => Invariant($"{line.Name}: at most {line.Points.Max(static point => point.Y):0.##}.")));
}
