using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>Puts into Redis what the readers of a peak will want, before it: of peaks that are known, and of those that were learnt.</summary>
public sealed class WarmAheadOfPeak(ProductWarmer warmer, WarmupOptions options, TimeProvider time, WarmingRun run)
{
    // What was read in fewer of the 28 hours that are like it is not usual.
    private const int LeastHours = 3;

    /// <summary>Runs by the schedule in the setting <c>WarmAheadOfPeakSchedule</c>; to be run every 10 minutes or so, and running it twice does no harm.</summary>
    [Function(nameof(WarmAheadOfPeak))]
    public Task RunAsync([TimerTrigger("%WarmAheadOfPeakSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        run.ReportAsync(nameof(WarmAheadOfPeak), timer, () => WarmAsync(time.GetUtcNow(), cancellationToken));

    private async Task<WarmingReport> WarmAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        PeakCalendar calendar = new(TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone));
        WarmingReport report = default;
        foreach (string written in options.Peaks)
        {
            if (report.EndedEarly is null && Peak.TryParse(written, out Peak? peak) && calendar.StartNear(peak, now, options.PeakLead) is { } start)
                report += await warmer.WarmRecentAsync(options.PeakProducts, start + peak.Length - now, cancellationToken);
        }

        DateTimeOffset hour = calendar.NearestHour(now);
        if (report.EndedEarly is null && options.LearnPeaks && (hour - now).Duration() <= options.PeakLead)
        {
            report += await warmer.WarmForHoursAsync(
                options.PeakProducts, calendar.HoursLike(hour), LeastHours, hour.AddHours(1) - now, cancellationToken);
        }

        return report;
    }
}
