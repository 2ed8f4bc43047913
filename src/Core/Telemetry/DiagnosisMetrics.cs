using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>Runs of the diagnosis: a span each, how long they took, and how many root causes the last one has named.</summary>
public sealed class DiagnosisMetrics : IDisposable
{
    /// <summary>The name of the meter and of the source of spans.</summary>
    public const string MeterName = "TByte.Functions.Diagnosis";

    private readonly ActivitySource _spans = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Gauge<long> _findings;
    private readonly Counter<long> _indexes;

    /// <summary>Makes the meter.</summary>
    public DiagnosisMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram<double>("tbyte.diagnosis.run.duration", "s", "Runs of the diagnosis.", null, DurationBuckets.Runs);
        _findings = meter.CreateGauge<long>("tbyte.diagnosis.findings", "{finding}", "Findings of the last run by severity: low, medium, high.");
        _indexes = meter.CreateCounter<long>("tbyte.diagnosis.indexes", "{index}", "Indexes that were to be created, by outcome: created, exists, refused, failed.");
    }

    /// <summary>Begins a run's span; null while nobody listens.</summary>
    public Activity? Begin(bool isPastDue) => _spans.StartActivity("Diagnose")?.SetTag("tbyte.timer.past_due", isPastDue);

    /// <summary>Notes a run.</summary>
    public void Ended(TimeSpan took) => _duration.Record(took.TotalSeconds);

    /// <summary>Notes how many findings of a severity the run has.</summary>
    public void Found(string severity, int count) => _findings.Record(count, new KeyValuePair<string, object?>("diagnosis.severity", severity));

    /// <summary>Notes what came of an index.</summary>
    public void Index(string outcome) => _indexes.Add(1, new KeyValuePair<string, object?>("diagnosis.outcome", outcome));

    /// <inheritdoc/>
    public void Dispose() => _spans.Dispose();
}
