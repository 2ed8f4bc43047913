using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>Boundaries of histograms, in seconds. The SDK's own begin at 5 s, or at 5 ms by the conventions: every hit would be in the first.</summary>
internal static class DurationBuckets
{
    /// <summary>Reads through the cache: microseconds from memory, seconds from a database that is not well.</summary>
    public static readonly InstrumentAdvice<double> Reads = Of(
        0.000_001, 0.000_002_5, 0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5,
        0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5);

    /// <summary>Calls to another server, and waits for one.</summary>
    public static readonly InstrumentAdvice<double> Calls = Of(
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

    /// <summary>Requests: those of the conventions, and finer below them, where all hits are.</summary>
    public static readonly InstrumentAdvice<double> Requests = Of(
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);

    /// <summary>Work in the background.</summary>
    public static readonly InstrumentAdvice<double> Runs = Of(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600);

    private static InstrumentAdvice<double> Of(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
