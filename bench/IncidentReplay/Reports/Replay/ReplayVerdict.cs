namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>The answer in a sentence.</summary>
internal static class ReplayVerdict
{
    public const string QuickWarning =
        "A quick run: loads of seconds on a small shop show the direction only. Its figures are no measurement.";

    /// <summary>Names all that is not reached.</summary>
    public static string Sentence(ReplayReport report) =>
        report.IsReached ? "The cure holds." : $"The cure does not hold: {string.Join("; ", Missed(report))}.";

    private static IEnumerable<string> Missed(ReplayReport report) =>
    [
        .. report.Verdict.Where(static row => !row.IsReached).Select(static row => $"{row.Measure} {row.After} ({row.Bound})"),
        .. report.Outages.SelectMany(static outage => outage.Figures
            .Where(static figure => !figure.IsReached)
            .Select(figure => $"{outage.Title}, {figure.Name} {figure.Value} ({figure.Bound})")),
    ];
}
