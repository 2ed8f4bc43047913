using System.Text;

namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>
/// A line over time, broken where a run did not know the value. The drawing is stretched to the width there is; strokes and dots are not,
/// since they are drawn with strokes that do not scale.
/// </summary>
internal static class TrendChart
{
    private const int MostPoints = 500;
    private const double Width = 600;
    private const double Height = 120;

    public static void Write(
        HtmlWriter html, string name, IReadOnlyList<HistoryPoint> history, Func<HistoryPoint, double?> value, Func<double, string> text,
        Func<double, double, TrendScale> scale)
    {
        (DateTimeOffset At, double? Value)[] points = [.. history.TakeLast(MostPoints).Select(point => (point.At, Finite(value(point))))];
        double[] known = [.. points.Where(point => point.Value is not null).Select(point => point.Value!.Value)];
        using (html.In("figure", ("class", "chart")))
        {
            using (html.In("figcaption"))
            {
                html.Add("span", name);
                html.Add("strong", known.Length > 0 ? text(known[^1]) : "not known");
            }
            if (known.Length > 0)
                Draw(html, name, points, known, text, scale(known.Min(), known.Max()));
        }
    }

    private static void Draw(
        HtmlWriter html, string name, (DateTimeOffset At, double? Value)[] points, double[] known, Func<double, string> text, TrendScale scale)
    {
        string first = Quantity.Time(points[0].At), last = Quantity.Time(points[^1].At);
        string label = $"{name}: {known.Length} runs from {first} to {last}, least {text(known.Min())}, most {text(known.Max())}, last {text(known[^1])}.";
        using (html.In("div", ("class", "plot")))
        {
            html.Add("span", text(scale.Top), ("class", "most"), ("aria-hidden", "true"));
            html.Add("span", text(scale.Bottom), ("class", "least"), ("aria-hidden", "true"));
            using (html.In("svg", ("viewBox", $"0 0 {Width} {Height}"), ("preserveAspectRatio", "none"), ("role", "img"), ("aria-label", label)))
            {
                foreach (double height in (double[])[0, Height / 2, Height])
                    html.Add("path", "", ("class", "grid"), ("d", $"M0 {Coordinate.Of(height)}H{Width}"));
                (string line, string dots) = Trace(points, scale);
                html.Add("path", "", ("class", "line"), ("d", line));
                html.Add("path", "", ("class", "dots"), ("d", dots));
            }
        }
        using (html.In("p", ("class", "span"), ("aria-hidden", "true")))
        {
            if (points.Length > 1)
                html.Add("span", first);
            html.Add("span", last);
        }
    }

    /// <summary>The line, and the points that no line would show: those without neighbours, and the last.</summary>
    private static (string Line, string Dots) Trace((DateTimeOffset At, double? Value)[] points, TrendScale scale)
    {
        double span = Math.Max(1, (points[^1].At - points[0].At).TotalSeconds);
        StringBuilder line = new(), dots = new();
        int lastKnown = Array.FindLastIndex(points, point => point.Value is not null);
        for (int i = 0; i < points.Length; i++)
        {
            if (points[i].Value is not { } value)
                continue;

            bool follows = i > 0 && points[i - 1].Value is not null;
            bool leads = i + 1 < points.Length && points[i + 1].Value is not null;
            double x = points.Length == 1 ? Width / 2 : Math.Clamp((points[i].At - points[0].At).TotalSeconds / span, 0, 1) * Width;
            string place = $"{Coordinate.Of(x)} {Coordinate.Of((1 - scale.HeightOf(value)) * Height)}";
            line.Append(follows ? 'L' : 'M').Append(place);
            if (i == lastKnown || !(follows || leads))
                dots.Append('M').Append(place).Append("h0");
        }
        return (line.ToString(), dots.ToString());
    }

    private static double? Finite(double? value) => value is { } known && double.IsFinite(known) ? known : null;
}
