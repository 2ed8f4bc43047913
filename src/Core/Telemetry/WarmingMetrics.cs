using System.Diagnostics;
using System.Diagnostics.Metrics;
using TByte.Functions.Warming;

namespace TByte.Functions.Telemetry;

/// <summary>Runs that warm caches: a span each, how long they took, and what came of their entries.</summary>
public sealed class WarmingMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string MeterName = "TByte.Functions.Warming";

    private readonly ActivitySource _spans = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _entries;

    /// <summary>Makes the meter.</summary>
    public WarmingMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>(
            "tbyte.warming.run.duration", "s", "Runs by job; complete is false for those that ended early.", null, DurationBuckets.Runs);
        _entries = meter.CreateCounter<long>("tbyte.warming.entries", "{entry}", "Entries by job and outcome: warmed, skipped, failed.");
    }

    /// <summary>Begins a run's span; null while nobody listens.</summary>
    public Activity? Begin(string job, bool isPastDue) =>
        _spans.StartActivity(job)?.SetTag("tbyte.timer.past_due", isPastDue);

    /// <summary>Notes what came of a run.</summary>
    public void Ended(string job, WarmingReport report, TimeSpan took, Activity? span)
    {
        Count(job, "warmed", report.Warmed, span);
        Count(job, "skipped", report.Skipped, span);
        Count(job, "failed", report.Failed, span);
        Ended(job, report.EndedEarly, took, span);
    }

    /// <summary>Notes the end of a run that is not counted by entries.</summary>
    public void Ended(string job, string? endedEarly, TimeSpan took, Activity? span)
    {
        _duration.Record(took.TotalSeconds, new("warming.job", job), new("warming.complete", endedEarly is null));
        if (endedEarly is not null)
            span?.SetStatus(ActivityStatusCode.Error, endedEarly);
    }

    /// <inheritdoc/>
    public void Dispose() => _spans.Dispose();

    private void Count(string job, string outcome, int entries, Activity? span)
    {
        span?.SetTag($"tbyte.warming.{outcome}", entries);
        if (entries > 0)
            _entries.Add(entries, new("warming.job", job), new("warming.outcome", outcome));
    }
}
