using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Figures of a run.</summary>
internal static class Figures
{
    public static RunFigures Of(MeasuredRun run)
    {
        KindFigures all = run.Load.All;
        return new RunFigures(all.Latency.P50, all.Latency.P95, ErrorShare(all), all.HitRatio, run.DatabaseLoad);
    }

    public static string Describe(RunFigures figures) =>
        $"p95 {Milliseconds.Text(figures.P95)}, {Milliseconds.Percent(figures.ErrorShare)} errors, hits {Milliseconds.Percent(figures.HitRatio)}, database {Milliseconds.Percent(figures.DatabaseLoad)}";

    /// <summary>Of the requests that were due in a part of a run, the share that was answered with 200; 1 of none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="from">Seconds from its start.</param>
    /// <param name="to">Likewise.</param>
    public static double AnsweredShare(MeasuredRun run, double from, double to)
    {
        StepFigures[] steps = Between(run, from, to);
        long requests = steps.Sum(static step => step.Requests);
        return requests == 0 ? 1 : 1 - (double)steps.Sum(static step => step.Errors + step.Limited) / requests;
    }

    /// <summary>The p95 of the worst second of a part of a run, in milliseconds; null of none.</summary>
    public static double? WorstP95(MeasuredRun run, double from, double to) => Between(run, from, to).Max(static step => step.Latency.P95);

    /// <summary>Requests that were not answered with 200 in a part of a run.</summary>
    public static long Failed(MeasuredRun run, double from, double to) => Between(run, from, to).Sum(static step => step.Errors + step.Limited);

    // Whole seconds: the one in which something happens belongs to what comes of it.
    private static StepFigures[] Between(MeasuredRun run, double from, double to) =>
        [.. run.Load.Timeline.Where(step => step.At >= Math.Floor(from) && step.At < Math.Floor(to))];

    private static double ErrorShare(KindFigures all) => all.Requests == 0 ? 0 : (double)(all.Errors + all.Limited) / all.Requests;
}
