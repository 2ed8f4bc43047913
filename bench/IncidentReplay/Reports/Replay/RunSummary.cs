using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>What is read off a run.</summary>
internal static class RunSummary
{
    public static RunFigures Of(MeasuredRun run)
    {
        KindFigures all = run.Load.All;
        return new RunFigures(all.Latency.P50, all.Latency.P95, ErrorShare(all), all.HitRatio, run.DatabaseLoad);
    }

    /// <summary>Requests that were not answered with 200.</summary>
    public static long Failed(KindFigures kind) => kind.Errors + kind.Limited;

    public static IReadOnlyList<ChartPoint> P95(MeasuredRun run) => Timeline.Points(run.Load, static step => step.Latency.P95);

    public static IReadOnlyList<ChartPoint> Hits(MeasuredRun run) => Timeline.Points(run.Load, static step => step.HitRatio);

    /// <summary>Requests per second that were not answered with 200.</summary>
    public static IReadOnlyList<ChartPoint> FailedRate(MeasuredRun run) =>
        Timeline.Points(run.Load, step => (step.Errors + step.Limited) / run.Load.StepSeconds);

    /// <summary>On the time of the others, from the end of the warm-up on.</summary>
    public static IReadOnlyList<ChartPoint> DatabaseLoad(MeasuredRun run) =>
        [.. run.Database.Select(static step => new ChartPoint(step.At, step.Load))];

    private static double ErrorShare(KindFigures all) => all.Requests == 0 ? 0 : (double)Failed(all) / all.Requests;
}
