namespace TByte.Functions.Load;

/// <summary>Order statistics of a list of figures.</summary>
internal static class Figures
{
    public static double Median(this IEnumerable<double> figures) => figures.Percentile(50);

    /// <summary>The smallest figure that at least this share of all does not exceed; NaN of none. The median of an even count is the mean of two.</summary>
    public static double Percentile(this IEnumerable<double> figures, double percent)
    {
        double[] sorted = [.. figures.Order()];
        if (sorted.Length == 0)
            return double.NaN;
        if (percent == 50 && sorted.Length % 2 == 0)
            return (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
        return sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
