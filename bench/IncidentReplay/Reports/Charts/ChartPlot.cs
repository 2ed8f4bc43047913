using System.Text;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Charts;

/// <summary>What is in the SVG of a chart.</summary>
internal static class ChartPlot
{
    private const int MostOfLabel = 44;
    private const double CharacterWidth = 8;

    public static void Write(HtmlWriter html, Chart chart)
    {
        WriteUp(html, chart);
        WriteAcross(html, chart.Frame, chart.Across);
        foreach (ChartLine line in chart.Lines)
            html.Add("path", "", ("class", line.Class), ("d", Trace(chart, line)));
        WriteMarks(html, chart);
    }

    /// <summary>The axis below the plot.</summary>
    public static void WriteAcross(HtmlWriter html, ChartFrame frame, ChartAxis axis)
    {
        foreach (GridLine line in axis.Lines)
        {
            string x = Coordinate.Of(frame.X(axis.ShareOf(line.Value)));
            html.Add("path", "", ("class", "grid tick"), ("d", $"M{x} {frame.Bottom}v5"));
            html.Add("text", line.Label, ("x", x), ("y", $"{frame.Bottom + 22}"), ("text-anchor", "middle"));
        }

        if (axis.Name.Length > 0)
        {
            string middle = Coordinate.Of((frame.Left + frame.Right) / 2.0);
            html.Add("text", axis.Name, ("x", middle), ("y", $"{frame.Bottom + 44}"), ("text-anchor", "middle"), ("class", "axis"));
        }
    }

    private static void WriteUp(HtmlWriter html, Chart chart)
    {
        (ChartFrame frame, ChartAxis axis) = (chart.Frame, chart.Up);
        foreach (GridLine line in axis.Lines)
        {
            double y = frame.Y(axis.ShareOf(line.Value));
            html.Add("path", "", ("class", "grid"), ("d", $"M{frame.Left} {Coordinate.Of(y)}H{frame.Right}"));
            html.Add("text", line.Label, ("x", $"{frame.Left - 8}"), ("y", Coordinate.Of(y + 4)), ("text-anchor", "end"));
        }

        if (axis.Name.Length > 0)
        {
            int y = frame.Top - 18 - chart.Marks.Count * ChartFrame.LabelHeight;
            html.Add("text", axis.Name, ("x", $"{frame.Left - 58}"), ("y", $"{y}"), ("class", "axis"));
        }
    }

    /// <summary>Each label in a row of its own above the plot, where its line begins: no later line runs through it.</summary>
    private static void WriteMarks(HtmlWriter html, Chart chart)
    {
        ChartFrame frame = chart.Frame;
        foreach ((int row, ChartMark mark) in chart.Marks.Index())
        {
            string label = VisibleText.Start(VisibleText.Line(mark.Label, VisibleText.MostOfSentence), MostOfLabel);
            double x = frame.X(chart.Across.ShareOf(mark.X));
            bool isBefore = x + label.Length * CharacterWidth > frame.Width;
            int y = frame.Top - (chart.Marks.Count - row) * ChartFrame.LabelHeight;
            html.Add("path", "", ("class", "event"), ("d", $"M{Coordinate.Of(x)} {y}V{frame.Bottom}"));
            html.Add(
                "text",
                label,
                ("x", Coordinate.Of(isBefore ? x - 6 : x + 6)),
                ("y", $"{y + 11}"),
                ("text-anchor", isBefore ? "end" : "start"),
                ("class", "event"));
        }
    }

    // A stroke of no length is a dot where its ends are round: what has no neighbours is seen too.
    private static string Trace(Chart chart, ChartLine line)
    {
        StringBuilder path = new();
        bool isDrawing = false;
        foreach (ChartPoint point in line.Points)
        {
            if (point.Y is { } y)
            {
                string x = Coordinate.Of(chart.Frame.X(chart.Across.ShareOf(point.X)));
                string place = $"{x} {Coordinate.Of(chart.Frame.Y(chart.Up.ShareOf(y)))}";
                path.Append(isDrawing ? 'L' : 'M').Append(place).Append(isDrawing ? "" : "h0");
            }

            isDrawing = point.Y is not null;
        }

        return path.ToString();
    }
}
