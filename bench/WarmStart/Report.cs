using TByte.Functions.Load;

namespace TByte.Functions.WarmStart;

/// <summary>The figures of a measurement as tables.</summary>
internal static class Report
{
    public static string Describe(Measurement measurement, MeasurementPlan plan) => $"""
        {plan.Points} restarts of everything in {measurement.Replayed:N0} reads; the next {plan.Reads:N0} reads
        on {MeasurementPlan.Instances} instances. A hit is an answer from memory or Redis.

        {Variants(measurement, plan)}
        One of {MeasurementPlan.Instances} instances restarted alone thereafter: its first {plan.Reads:N0} reads, and the others' meanwhile.
        Before the first read it has {Range(measurement.Alone.Select(static one => one.Warmed))} products in memory.

        {Alone(measurement)}
        """;

    private static ReportTable Variants(Measurement measurement, MeasurementPlan plan)
    {
        ReportTable table = new("warmed", "products", "hit ratio", "lowest", "highest", "first 100 reads");
        foreach (Variant variant in plan.Variants)
        {
            IReadOnlyList<ReadLog> logs = measurement.LogsOf(variant);
            table.Add(
                variant.Name,
                Range(measurement.Restarts.Where(restart => restart.Variant == variant).Select(static restart => restart.Warmed)),
                $"{100 * measurement.HitRatioOf(variant):0.0} %",
                $"{100 * logs.Min(static log => log.HitRatio):0.0} %",
                $"{100 * logs.Max(static log => log.HitRatio):0.0} %",
                $"{100 * logs.Average(static log => log.Window(0, 100).HitRatio):0.0} %");
        }

        return table;
    }

    private static string Range(IEnumerable<int> counts) =>
        counts.Min() == counts.Max() ? $"{counts.Min():N0}" : $"{counts.Min():N0} to {counts.Max():N0}";

    private static ReportTable Alone(Measurement measurement)
    {
        ReportTable table = new("instance", "hit ratio", "lowest", "highest", "from memory");
        Add("restarted", [.. measurement.Alone.Select(static one => one.Itself)]);
        Add("the others", [.. measurement.Alone.Select(static one => one.Others)]);
        return table;

        void Add(string instance, ReadLog[] logs) => table.Add(
            instance,
            $"{100 * logs.Average(static log => log.HitRatio):0.0} %",
            $"{100 * logs.Min(static log => log.HitRatio):0.0} %",
            $"{100 * logs.Max(static log => log.HitRatio):0.0} %",
            $"{100 * logs.Average(static log => log.MemoryRatio):0.0} %");
    }
}
