using System.Text;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Class">How it looks.</param>
/// <param name="Values">One for each step; null where there is none.</param>
internal sealed record ChartLine(string Name, string Class, IReadOnlyList<double?> Values);

/// <summary>A value that is marked, and its label.</summary>
internal sealed record GridLine(double Value, string Label);

/// <summary>Where values stand.</summary>
/// <param name="Lines">From the bottom to the top.</param>
/// <param name="HeightOf">0 at the bottom, 1 at the top.</param>
internal sealed record ChartScale(IReadOnlyList<GridLine> Lines, Func<double, double> HeightOf);

/// <summary>Lines over the time of a run, as SVG.</summary>
internal static class TimelineChart
{
    private const int Width = 900;
    private const int Height = 260;
    private const int Left = 70;
    private const int Right = 880;
    private const int Top = 14;
    private const int Bottom = 225;
    private const int TimeMarks = 5;

    public static void Write(HtmlWriter html, string name, LoadReport report, ChartScale scale, params IReadOnlyList<ChartLine> lines)
    {
        using (html.In("figure", ("class", "timeline")))
        {
            WriteLegend(html, name, lines);
            using (html.In("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", Describe(name, lines))))
            {
                double span = report.Timeline.Count == 0 ? 1 : report.Timeline[^1].At + report.StepSeconds;
                WriteGrid(html, scale, span);
                foreach (ChartLine line in lines)
                {
                    IEnumerable<(double X, double? Y)> points = report.Timeline.Zip(
                        line.Values, (step, value) => (X((step.At + report.StepSeconds / 2) / span), value is { } known ? Y(scale, known) : (double?)null));
                    html.Add("path", "", ("class", line.Class), ("d", Trace(points)));
                }
            }
        }
    }

    private static string Describe(string name, IReadOnlyList<ChartLine> lines) =>
        $"{name} over time. " + string.Join(' ', lines.Select(static line => $"{line.Name}: at most {line.Values.Max():0.#}."));

    private static void WriteLegend(HtmlWriter html, string name, IReadOnlyList<ChartLine> lines)
    {
        using (html.In("figcaption"))
        {
            html.Add("strong", name);
            foreach (ChartLine line in lines)
            {
                using (html.In("span"))
                {
                    using (html.In("svg", ("viewBox", "0 0 28 10"), ("aria-hidden", "true")))
                        html.Add("path", "", ("class", line.Class), ("d", "M1 5H27"));
                    html.Text(line.Name);
                }
            }
        }
    }

    private static void WriteGrid(HtmlWriter html, ChartScale scale, double span)
    {
        foreach (GridLine line in scale.Lines)
        {
            double y = Y(scale, line.Value);
            html.Add("path", "", ("class", "grid"), ("d", $"M{Left} {Coordinate.Of(y)}H{Right}"));
            html.Add("text", line.Label, ("x", $"{Left - 8}"), ("y", Coordinate.Of(y + 4)), ("text-anchor", "end"));
        }

        for (int mark = 0; mark <= TimeMarks; mark++)
        {
            html.Add(
                "text",
                $"{span * mark / TimeMarks:0.#} s",
                ("x", Coordinate.Of(X((double)mark / TimeMarks))),
                ("y", $"{Bottom + 24}"),
                ("text-anchor", "middle"));
        }
    }

    // A stroke of no length is a dot where its ends are round: what has no neighbours is seen too.
    private static string Trace(IEnumerable<(double X, double? Y)> points)
    {
        StringBuilder path = new();
        bool isDrawing = false;
        foreach ((double x, double? y) in points)
        {
            if (y is { } known)
                path.Append(isDrawing ? $"L{Coordinate.Of(x)} {Coordinate.Of(known)}" : $"M{Coordinate.Of(x)} {Coordinate.Of(known)}h0");
            isDrawing = y is not null;
        }

        return path.ToString();
    }

    private static double X(double share) => Left + share * (Right - Left);

    private static double Y(ChartScale scale, double value) => Bottom - Math.Clamp(scale.HeightOf(value), 0, 1) * (Bottom - Top);
}
