using CsCheck;

namespace TByte.Functions.Diagnosis.Tests.Rules;

public sealed class TrendTests
{
    private static readonly Gen<(double Start, double PerDay, int Points, double Limit)> Lines =
        Gen.Select(Gen.Double[0, 1_000], Gen.Double[0.1, 100], Gen.Int[30, 200], Gen.Double[10_000, 20_000]);

    [Fact]
    public void A_line_reaches_its_limit_when_arithmetic_says_so() => Lines.Sample(line =>
    {
        DateTimeOffset? reached = Trend.ReachedAt(Points(line.Points, hour => line.Start + line.PerDay * hour / 24), line.Limit);

        double days = (line.Limit - line.Start) / line.PerDay;
        if (days > (line.Points - 1) / 24.0 + 365)
            Assert.Null(reached);
        else
            Assert.Equal(days, (reached!.Value - Seen.At).TotalDays, tolerance: 0.01);
    });

    [Theory]
    [InlineData("shrinks")]
    [InlineData("stays")]
    [InlineData("is noise")]
    [InlineData("is known for hours only")]
    public void What_is_no_growth_has_no_date(string what)
    {
        Random noise = new(7);
        IEnumerable<(DateTimeOffset, double?)> points = what switch
        {
            "shrinks" => Points(48, static hour => 1_000 - hour),
            "stays" => Points(48, static _ => 1_000),
            "is noise" => Points(48, _ => 1_000 + noise.NextDouble()),
            _ => Points(20, static hour => hour),
        };

        Assert.Null(Trend.ReachedAt(points, 2_000));
    }

    [Fact]
    public void Gaps_are_left_out() =>
        Assert.NotNull(Trend.ReachedAt(Points(72, static hour => hour % 3 == 0 ? null : hour), 100));

    private static IEnumerable<(DateTimeOffset At, double? Value)> Points(int hours, Func<int, double?> value) =>
        Enumerable.Range(0, hours).Select(hour => (Seen.At.AddHours(hour), value(hour)));
}
