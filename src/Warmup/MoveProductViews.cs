using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;

namespace TByte.Functions.Warmup;

/// <summary>Counts in the database what the instances have counted of views.</summary>
public sealed class MoveProductViews(ViewMover mover, WarmingMetrics metrics, TimeProvider time, ILogger<MoveProductViews> logger)
{
    /// <summary>Runs by the schedule in the setting <c>MoveProductViewsSchedule</c>; running it twice counts nothing twice.</summary>
    [Function(nameof(MoveProductViews))]
    public async Task RunAsync([TimerTrigger("%MoveProductViewsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        using Activity? span = metrics.Begin(nameof(MoveProductViews), timer.IsPastDue);
        long started = time.GetTimestamp();
        MovedViews moved = await mover.MoveAsync(cancellationToken);
        TimeSpan took = time.GetElapsedTime(started);
        span?.SetTag("tbyte.views.moved", moved.Views);
        metrics.Ended(nameof(MoveProductViews), moved.EndedEarly, took, span);
        logger.Log(
            moved is { EndedEarly: null, Dropped: 0 } ? LogLevel.Information : LogLevel.Warning,
            "MoveProductViews: {Views} views counted, {Dropped} batches dropped in {Seconds:0.0} s{Late}{Early}",
            moved.Views, moved.Dropped, took.TotalSeconds, WarmingRun.Late(timer), WarmingRun.Early(moved.EndedEarly));
    }
}
