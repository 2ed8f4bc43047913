using System.Diagnostics.Metrics;
using TByte.Functions.Throttling;

namespace TByte.Functions.Telemetry;

/// <summary>The gate of heavy queries: who has a turn, who waits for one, and who was sent away.</summary>
internal sealed class HeavyQueryMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.HeavyQueries";

    private readonly Meter _meter;
    private readonly Histogram<double> _waits;

    public HeavyQueryMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _waits = _meter.CreateHistogram<double>(
            "tbyte.heavy_query.wait.duration", "s", "Waits for a turn by outcome: admitted, rejected, abandoned by the caller.", null, DurationBuckets.Calls);
    }

    /// <summary>Tells of the gate from now on.</summary>
    public void Observe(Func<HeavyQueryStatus> status)
    {
        _meter.CreateObservableUpDownCounter("tbyte.heavy_query.running", () => status().Running, "{query}", "Heavy queries that have their turn.");
        _meter.CreateObservableUpDownCounter("tbyte.heavy_query.waiting", () => status().Waiting, "{query}", "Heavy queries in the queue.");
        _meter.CreateObservableUpDownCounter("tbyte.heavy_query.limit", () => status().Limit, "{query}", "Heavy queries that may run at once at the moment.");
    }

    /// <summary>Notes how long a turn was waited for, and what it came to.</summary>
    /// <param name="failure">Why it has not come; null when it has.</param>
    /// <param name="took">How long it was waited for.</param>
    public void Waited(Exception? failure, TimeSpan took) => _waits.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("heavy_query.outcome", failure switch { null => "admitted", HeavyQueryRejectedException => "rejected", _ => "abandoned" }));
}
