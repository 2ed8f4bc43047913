namespace TByte.Functions.Diagnosis;

/// <summary>A straight line through what was measured (least squares).</summary>
internal static class Trend
{
    // Below a day the hours of a day would be taken for growth.
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(1);
    private const int Fewest = 6;
    private const double Straight = 0.8;

    /// <summary>When the line reaches a limit; null when it does not within a year, or is no line.</summary>
    public static DateTimeOffset? ReachedAt(IEnumerable<(DateTimeOffset At, double? Value)> points, double limit)
    {
        (DateTimeOffset At, double Value)[] known = [.. points.Where(static point => point.Value is not null).Select(static point => (point.At, point.Value!.Value))];
        if (known.Length < Fewest || known[^1].At - known[0].At < Shortest)
            return null;

        double[] x = [.. known.Select(point => (point.At - known[0].At).TotalDays)];
        double meanX = x.Average(), meanY = known.Average(static point => point.Value);
        double sxx = x.Sum(value => (value - meanX) * (value - meanX));
        double syy = known.Sum(point => (point.Value - meanY) * (point.Value - meanY));
        double sxy = x.Zip(known, (value, point) => (value - meanX) * (point.Value - meanY)).Sum();
        if (sxx <= 0 || syy <= 0 || sxy <= 0 || sxy * sxy / (sxx * syy) < Straight)
            return null;

        double days = (limit - meanY) / (sxy / sxx) + meanX;
        return days <= x[^1] + 365 ? known[0].At.AddDays(Math.Max(days, x[^1])) : null;
    }
}
