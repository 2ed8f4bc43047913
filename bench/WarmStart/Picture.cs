using System.Globalization;
using System.Text;

namespace TByte.Functions.WarmStart;

/// <summary>Draws the hit ratio after a restart, a line for each variant, as a self-contained SVG for light and dark ground.</summary>
internal static class Picture
{
    private const int Width = 900;
    private const int Height = 480;
    private const int Left = 64;
    private const int Right = 640;
    private const int Top = 64;
    private const int Bottom = 420;
    private const int Windows = 20;
    private const double LabelHeight = 18;

    // A colour for each rule; the fewer products, the more broken the line.
    private const string Style = """
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        .title { font-size: 16px; font-weight: 600 }
        .ground { fill: #ffffff } .grid { stroke: #d1d9e0 } .leader { stroke-width: 1; opacity: .5 }
        .line { fill: none; stroke-width: 2.5; stroke-linejoin: round } .few { stroke-dasharray: 7 4 }
        .nothing { stroke: #6e7781 } .fixed { stroke: #bc4c00 } .alltime { stroke: #0969da } .recent { stroke: #1a7f37 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .ground { fill: #0d1117 } .grid { stroke: #3d444d }
          .nothing { stroke: #9198a1 } .fixed { stroke: #f0883e } .alltime { stroke: #58a6ff } .recent { stroke: #3fb950 }
        }
        """;

    public static string Draw(Measurement measurement, MeasurementPlan plan)
    {
        const string Title = "Hit ratio after everything that was cached is lost";
        string subtitle = $"mean of {plan.Points} restarts in {measurement.Replayed:N0} product reads, in the order of a shop's sales; "
            + $"{plan.Reads / Windows} reads a step";
        Curve[] curves = [.. plan.Variants.Select(variant => Curve.Of(variant, measurement.LogsOf(variant), plan.Reads / Windows))];
        StringBuilder svg = new();
        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" aria-label="{Title}">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<style>\n{Style}\n</style>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="ground" width="{Width}" height="{Height}"/>""");
        svg.AppendLine(Text(Left, 28, "start", Title, "title"));
        svg.AppendLine(Text(Left, 48, "start", subtitle));
        DrawGrid(svg, plan.Reads);
        foreach ((Curve curve, double label) in curves.Zip(LabelHeights(curves)))
            DrawCurve(svg, curve, label);
        svg.AppendLine("</svg>");
        return svg.ToString();
    }

    private static void DrawGrid(StringBuilder svg, int reads)
    {
        for (int percent = 0; percent <= 100; percent += 20)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<path class="grid" d="M{Left} {Y(percent / 100.0):0.#}H{Right}"/>""");
            svg.AppendLine(Text(Left - 8, Y(percent / 100.0) + 4, "end", $"{percent} %"));
        }

        for (int step = 0; step <= 5; step++)
            svg.AppendLine(Text(X(step / 5.0), Bottom + 20, "middle", $"{reads * step / 5:N0}"));
        svg.AppendLine(Text((Left + Right) / 2.0, Bottom + 44, "middle", "reads since the restart"));
    }

    private static void DrawCurve(StringBuilder svg, Curve curve, double label)
    {
        string kind = curve.Variant.Rule.ToString().ToLowerInvariant();
        string points = string.Join(' ', curve.Ratios.Select((ratio, i) => $"{X((i + 0.5) / Windows):0.#},{Y(ratio):0.#}"));
        string few = curve.Variant.Products is > 0 and < 1_000 ? " few" : "";
        double end = X((Windows - 0.5) / Windows) + 4;
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline class="line {kind}{few}" points="{points}"/>""");
        svg.AppendLine(
            CultureInfo.InvariantCulture,
            $"""<path class="leader {kind}" d="M{end:0.#} {Y(curve.Ratios[^1]):0.#}L{Right + 8} {label:0.#}"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<path class="line {kind}{few}" d="M{Right + 12} {label:0.#}h26"/>""");
        svg.AppendLine(Text(Right + 46, label + 4, "start", curve.Variant.Name));
    }

    /// <summary>Where each curve's label stands: at its end, as far as there is room.</summary>
    private static double[] LabelHeights(Curve[] curves)
    {
        double[] heights = new double[curves.Length];
        double lowest = double.NegativeInfinity;
        foreach (int i in Enumerable.Range(0, curves.Length).OrderByDescending(i => curves[i].Ratios[^1]))
            heights[i] = lowest = Math.Max(Y(curves[i].Ratios[^1]), lowest + LabelHeight);
        return heights;
    }

    private static double X(double share) => Left + share * (Right - Left);

    private static double Y(double ratio) => Bottom - ratio * (Bottom - Top);

    private static string Text(double x, double y, string anchor, string text, string kind = "") =>
        $"""<text class="{kind}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{text}</text>""";

    /// <summary>The hit ratio of each window of reads, over all restarts.</summary>
    private sealed record Curve(Variant Variant, double[] Ratios)
    {
        public static Curve Of(Variant variant, IReadOnlyList<ReadLog> logs, int length) => new(
            variant,
            [.. Enumerable.Range(0, Windows).Select(window => logs.Average(log => log.Window(window * length, length).HitRatio))]);
    }
}
