using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>Charts of both states on the same axes.</summary>
internal static class ReplayCharts
{
    /// <summary>Milliseconds that 95 % of the requests may take.</summary>
    public const double ObjectiveP95 = 500;

    private const string LatencyUnit = "latency, logarithmic";

    public static Chart LatencyOverTime(ReplayReport report, ChartFrame frame)
    {
        double span = Math.Max(Timeline.Span(report.Before.Load), Timeline.Span(report.After.Load));
        IReadOnlyList<ChartLine> lines = [Objective(0, span), .. Both(report, RunSummary.P95)];
        return new Chart("Latency p95", frame, ChartAxes.Time(span, "seconds of the load"), Latency(lines), lines);
    }

    public static Chart LatencyByPercentile(ReplayReport report)
    {
        long requests = Math.Max(report.Before.Load.All.Requests, report.After.Load.All.Requests);
        ChartAxis across = ChartAxes.Percentile(requests, "share of the requests that took no longer");
        IReadOnlyList<ChartLine> lines = Both(report, run => Until(across.Lines[^1].Value, run.Load.Percentiles));
        return new Chart("Latency by percentile", ChartFrame.Half, across, Latency(lines), lines);
    }

    public static IReadOnlyList<ChartLine> Both(ReplayReport report, Func<MeasuredRun, IReadOnlyList<ChartPoint>> points) =>
        [new("before", "before", points(report.Before)), new("after", "after", points(report.After))];

    public static ChartLine Objective(double from, double to) =>
        new($"objective {Milliseconds.Text(ObjectiveP95)}", "objective", [new(from, ObjectiveP95), new(to, ObjectiveP95)]);

    public static ChartAxis Latency(IEnumerable<ChartLine> lines) =>
        ChartAxes.Latency(Known(lines).Select(static value => (double?)value), LatencyUnit);

    public static IEnumerable<double> Known(IEnumerable<ChartLine> lines) =>
        lines.SelectMany(static line => line.Points).Select(static point => point.Y).OfType<double>();

    /// <summary>Ends where the axis does, on the level of the next point.</summary>
    private static IReadOnlyList<ChartPoint> Until(double last, IReadOnlyList<PercentilePoint> distribution) =>
    [
        .. distribution.TakeWhile(point => point.Percentile < last)
            .Select(static point => new ChartPoint(point.Percentile, point.Milliseconds)),
        .. distribution.SkipWhile(point => point.Percentile < last)
            .Take(1)
            .Select(point => new ChartPoint(last, point.Milliseconds)),
    ];
}
