using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using TByte.Functions.Telemetry;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>Runs a job that warms entries, and reports it: a span, metrics and one line in the log.</summary>
public sealed class WarmingRun(WarmingMetrics metrics, TimeProvider time, ILogger<WarmingRun> logger)
{
    /// <summary>Runs the job.</summary>
    public async Task ReportAsync(string job, TimerInfo timer, Func<Task<WarmingReport>> run)
    {
        using Activity? span = metrics.Begin(job, timer.IsPastDue);
        long started = time.GetTimestamp();
        WarmingReport report = await run();
        TimeSpan took = time.GetElapsedTime(started);
        metrics.Ended(job, report, took, span);
        logger.Log(
            report.EndedEarly is null ? LogLevel.Information : LogLevel.Warning,
            "{Job}: {Warmed} warmed, {Skipped} skipped, {Failed} failed in {Seconds:0.0} s{Late}{Early}",
            job, report.Warmed, report.Skipped, report.Failed, took.TotalSeconds, Late(timer), Early(report.EndedEarly));
    }

    internal static string Late(TimerInfo timer) => timer.IsPastDue ? ", late" : "";

    internal static string Early(string? why) => why is null ? "" : $"; ended early, the next run makes up for it: {why}";
}
