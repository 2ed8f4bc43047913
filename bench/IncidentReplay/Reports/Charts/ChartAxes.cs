using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Charts;

/// <summary>The axes of the charts.</summary>
internal static class ChartAxes
{
    private const double LeastLatency = 0.1;
    private const double Overshoot = 0.02;
    private const int MostPercentDecades = 5;
    private const int MostLabels = 10;
    private static readonly double[] Digits = [1, 2, 5];
    private static readonly double[] RoundPercentiles = [0, 50, 90, 99, 99.9, 99.99, 99.999];

    /// <summary>Seconds from 0 on.</summary>
    public static ChartAxis Time(double span, string name = "") => new(
        name, [.. Steps(span, 6).Select(static at => new GridLine(at, Invariant($"{at:0.##} s")))], at => at / span);

    /// <summary>A number of something from 0 on, at least up to 1.</summary>
    public static ChartAxis Count(IEnumerable<double> values, string name = "")
    {
        double most = Math.Max(1, values.DefaultIfEmpty().Max());
        return new ChartAxis(
            name, [.. Steps(most, 5).Select(static value => new GridLine(value, Invariant($"{value:#,0.##}")))], value => value / most);
    }

    /// <summary>Shares of 1 as percentages, at least up to 100 %.</summary>
    public static ChartAxis Share(IEnumerable<double> values, string name)
    {
        double most = Math.Max(1, values.DefaultIfEmpty().Max());
        return new ChartAxis(
            name, [.. Steps(100 * most, 6).Select(static value => new GridLine(value / 100, Invariant($"{value:0.##} %")))], value => value / most);
    }

    /// <summary>Milliseconds by powers of ten: what lasts milliseconds and what lasts seconds are both to be seen. What is hardly above one ends there.</summary>
    public static ChartAxis Latency(IEnumerable<double?> values, string name = "")
    {
        double[] known = [.. values.OfType<double>().Select(static value => Math.Max(value, LeastLatency))];
        int first = known.Length == 0 ? 0 : (int)Math.Floor(Math.Log10(known.Min()));
        int last = known.Length == 0 ? 3 : Math.Max(first + 1, (int)Math.Ceiling(Math.Log10(known.Max()) - Overshoot));
        return new ChartAxis(
            name,
            [.. Enumerable.Range(first, last - first + 1).Select(static power => new GridLine(Math.Pow(10, power), Power(power)))],
            value => (Math.Log10(Math.Max(value, LeastLatency)) - first) / (last - first));
    }

    /// <summary>Rates on a logarithmic scale, between round ones.</summary>
    public static ChartAxis Rate(IReadOnlyCollection<double> rates, string name)
    {
        int power = (int)Math.Floor(Math.Log10(rates.Min()));
        int powers = (int)Math.Ceiling(Math.Log10(rates.Max())) + 1 - power;
        double[] round = [.. Enumerable.Range(power, powers).SelectMany(static at => Digits.Select(digit => digit * Math.Pow(10, at)))];
        double first = round.Last(rate => rate <= rates.Min() || rate == round[0]);
        double last = round.First(rate => rate > first && rate >= rates.Max());
        double[] shown = [.. round.Where(rate => rate >= first && rate <= last)];
        return new ChartAxis(
            name,
            [.. shown.Where(rate => shown.Length <= MostLabels || IsPowerOfTen(rate))
                .Select(static rate => new GridLine(rate, Invariant($"{rate:#,0.##}")))],
            rate => Math.Log10(rate / first) / Math.Log10(last / first));
    }

    /// <summary>Percentiles that grow closer and closer to 100, each nine as wide as the one before.</summary>
    /// <param name="requests">Which tell how far the distribution is known.</param>
    /// <param name="name">Of the axis.</param>
    public static ChartAxis Percentile(long requests, string name)
    {
        int decades = Math.Clamp((int)Math.Log10(Math.Max(1, requests)), 1, MostPercentDecades);
        return new ChartAxis(
            name,
            [.. RoundPercentiles.Where(percent => Nines(percent) < decades + 0.01)
                .Select(static percent => new GridLine(percent, Invariant($"{percent:0.###} %")))],
            percent => Nines(percent) / decades);
    }

    private static double Nines(double percent) => -Math.Log10(1 - percent / 100);

    private static bool IsPowerOfTen(double rate) => Math.Abs(Math.Log10(rate) - Math.Round(Math.Log10(rate))) < 1e-6;

    private static string Power(int power) =>
        power >= 3 ? Invariant($"{Math.Pow(10, power - 3):#,0} s") : Invariant($"{Math.Pow(10, power):0.#} ms");

    /// <summary>0 and the multiples of a round number up to the end.</summary>
    private static IEnumerable<double> Steps(double end, int most)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(end / most)));
        double step = power * Digits.Append(10).First(digit => digit * power * most >= end * (1 - 1e-9));
        return Enumerable.Range(0, (int)(end / step + 1e-6) + 1).Select(i => i * step);
    }
}
