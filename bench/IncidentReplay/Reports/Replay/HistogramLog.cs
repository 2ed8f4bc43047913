using System.Text;
using HdrHistogram;
using HdrHistogram.Utilities;
using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>
/// The latencies of all runs in HdrHistogram's log format, whose tools read ASCII with a point in the numbers; its writer for .NET writes UTF-16
/// and the numbers of the culture, so it is not used.
/// </summary>
internal static class HistogramLog
{
    private const double UnitsOfMax = 1_000_000;

    /// <summary>One line for each run, tagged with its name; values are in microseconds.</summary>
    public static string Write(ReplayReport report)
    {
        StringBuilder log = new();
        log.Append("#[Latencies in microseconds, one histogram a run]\n");
        log.Append("#[Histogram log format version 1.3]\n");
        log.Append(Invariant($"#[StartTime: {Seconds(report.StartedAt):F3} (seconds since epoch), {report.StartedAt.UtcDateTime:o}]\n"));
        log.Append("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
        MeasuredRun[] runs = [report.Before, report.After, .. report.Outages.Select(static outage => outage.Run).OfType<MeasuredRun>()];
        foreach (MeasuredRun run in runs)
            log.Append(Line(run));
        return log.ToString();
    }

    private static string Line(MeasuredRun run)
    {
        LoadReport load = run.Load;
        double start = Seconds(load.StartedAt) + load.WarmUpSeconds;
        double max = Decode(load.Histogram).GetMaxValue() / UnitsOfMax;
        return Invariant($"Tag={run.Name},{start:F3},{load.Seconds:F3},{max:F3},{load.Histogram}\n");
    }

    private static HistogramBase Decode(string base64) =>
        HistogramEncoding.DecodeFromCompressedByteBuffer(ByteBuffer.Allocate(Convert.FromBase64String(base64)), 0);

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1_000.0;
}
