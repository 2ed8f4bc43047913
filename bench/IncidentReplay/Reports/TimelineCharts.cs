using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Latency and errors over time.</summary>
internal static class TimelineCharts
{
    private const double LeastLatency = 0.1;
    private const int CountLines = 4;

    public static void Write(HtmlWriter html, LoadReport report)
    {
        IReadOnlyList<StepFigures> steps = report.Timeline;
        TimelineChart.Write(
            html,
            "Latency",
            report,
            LatencyScale(steps),
            new("p50", "p50", [.. steps.Select(static step => step.Latency.P50)]),
            new("p95", "p95", [.. steps.Select(static step => step.Latency.P95)]),
            new("p99", "p99", [.. steps.Select(static step => step.Latency.P99)]));
        TimelineChart.Write(
            html,
            "Requests that failed or were refused, per second",
            report,
            CountScale(steps, report.StepSeconds),
            new("errors", "errors", [.. steps.Select(step => (double?)(step.Errors / report.StepSeconds))]),
            new("429", "limited", [.. steps.Select(step => (double?)(step.Limited / report.StepSeconds))]));
    }

    /// <summary>Powers of ten: what lasts milliseconds and what lasts seconds are both to be seen.</summary>
    private static ChartScale LatencyScale(IReadOnlyList<StepFigures> steps)
    {
        double[] known = [.. steps.SelectMany(static step => new[] { step.Latency.P50, step.Latency.P99 }).OfType<double>().Select(static value => Math.Max(value, LeastLatency))];
        int first = known.Length == 0 ? 0 : (int)Math.Floor(Math.Log10(known.Min()));
        int last = known.Length == 0 ? 3 : Math.Max(first + 1, (int)Math.Ceiling(Math.Log10(known.Max())));
        return new ChartScale(
            [.. Enumerable.Range(first, last - first + 1).Select(static power => new GridLine(Math.Pow(10, power), Power(power)))],
            value => (Math.Log10(Math.Max(value, LeastLatency)) - first) / (last - first));
    }

    private static string Power(int power) => power >= 3 ? $"{Math.Pow(10, power - 3):0} s" : $"{Math.Pow(10, power):0.#} ms";

    private static ChartScale CountScale(IReadOnlyList<StepFigures> steps, double seconds)
    {
        double most = Math.Max(1, steps.Select(step => Math.Max(step.Errors, step.Limited) / seconds).DefaultIfEmpty().Max());
        return new ChartScale(
            [.. Enumerable.Range(0, CountLines + 1).Select(line => new GridLine(most * line / CountLines, $"{most * line / CountLines:0.##}"))],
            value => value / most);
    }
}
