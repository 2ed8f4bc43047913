using System.Globalization;
using TByte.Functions.Load;

namespace TByte.Functions.WarmStart;

/// <summary>A figure, and what it must be.</summary>
internal sealed record Verdict(string What, string Figure, string Bound, bool IsMet)
{
    private const double LeastHitRatio = 0.8;
    private const double MostPointsApart = 3;

    /// <summary>What a measurement must come to.</summary>
    /// <param name="measurement">The measurement.</param>
    /// <param name="sizes">Numbers of products for which both ways to rank were measured; the last one is the app's.</param>
    public static IReadOnlyList<Verdict> Of(Measurement measurement, IReadOnlyList<int> sizes) =>
    [
        .. sizes.Select(products => Ahead(measurement, products)),
        OfLate(measurement.HitRatioOf(new Variant(Rule.Recent, sizes[^1]))),
        Apart(measurement.Alone),
        Count(
            "reads that loaded what had been loaded since the restart",
            measurement.Restarts.Sum(static restart => restart.LoadedAgain),
            expected: 0),
        Count("views in the database after the trace", measurement.Views, measurement.Replayed),
    ];

    public static string Table(IEnumerable<Verdict> verdicts)
    {
        ReportTable table = new("what", "figure", "bound", "");
        foreach (Verdict verdict in verdicts)
            table.Add(verdict.What, verdict.Figure, verdict.Bound, verdict.IsMet ? "met" : "missed");
        return table.ToString();
    }

    private static Verdict Ahead(Measurement measurement, int products)
    {
        double recent = measurement.HitRatioOf(new Variant(Rule.Recent, products));
        double ahead = 100 * (recent - measurement.HitRatioOf(new Variant(Rule.AllTime, products)));
        string what = string.Create(CultureInfo.InvariantCulture, $"views of late ahead of views of all time, {products:N0} products");
        return new(what, Points(ahead), ">= 0 points", ahead >= 0);
    }

    private static Verdict OfLate(double ratio) =>
        new("hit ratio with the views of late, as the app warms", Percent(ratio), $">= {Percent(LeastHitRatio)}", ratio >= LeastHitRatio);

    private static Verdict Apart(IEnumerable<RestartedInstance> restarted)
    {
        double apart = 100 * restarted.Average(static one => one.Itself.HitRatio - one.Others.HitRatio);
        return new("an instance restarted alone ahead of the others", Points(apart), "within 3 points", Math.Abs(apart) <= MostPointsApart);
    }

    private static Verdict Count(string what, long count, long expected) => new(
        what, count.ToString("N0", CultureInfo.InvariantCulture), expected.ToString("N0", CultureInfo.InvariantCulture), count == expected);

    private static string Points(double points) => string.Create(CultureInfo.InvariantCulture, $"{points:+0.00;-0.00;0.00} points");

    private static string Percent(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * ratio:0.0} %");
}
