namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>Which values the bottom and the top of a chart stand for.</summary>
internal sealed record TrendScale(double Bottom, double Top)
{
    /// <summary>For what must be seen to grow, however large it is.</summary>
    public static TrendScale Narrow(double least, double most)
    {
        double margin = most > least ? (most - least) * 0.1 : Math.Max(Math.Abs(most) * 0.1, 1);
        return new TrendScale(Math.Max(0, least - margin), most + margin);
    }

    public static TrendScale FromZero(double least, double most) => new(Math.Min(0, least), most > 0 ? most * 1.1 : 1);

    public static TrendScale Share { get; } = new(0, 1);

    /// <summary>0 at the bottom, 1 at the top.</summary>
    public double HeightOf(double value) => Math.Clamp((value - Bottom) / (Top - Bottom), 0, 1);
}
