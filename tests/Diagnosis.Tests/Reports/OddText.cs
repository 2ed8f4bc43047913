namespace TByte.Functions.Diagnosis.Tests.Reports;

/// <summary>Reports whose every text is what somebody else has thought of.</summary>
internal static class OddText
{
    public const string Markup = "</code></pre><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;<!--";
    public const string Escapes = "\u001b[2J\u001b]0;owned\u0007\u202Eright to left\u2066 nul\0 \r\nreturn \u009b31m";

    public static DiagnosisReport Report(string text) => new(
        SampleReport.At,
        TimeSpan.FromSeconds(1),
        TimeSpan.Zero,
        [
            new Finding(text, text, Severity.High, double.NaN, text, [new(text, double.PositiveInfinity, text, double.NaN), new(text, -1, text)], text,
                new Remedy(text, [text, text], text), text),
        ],
        [
            new ServerSummary(text, text, null, text, long.MaxValue, int.MaxValue, 0, double.NaN, double.NegativeInfinity),
            new ServerSummary(text, text, text),
        ],
        [new QuerySummary(text, text, long.MaxValue, double.NaN, double.PositiveInfinity)],
        new CacheSummary(double.NaN, -5, 7, long.MinValue, 0),
        [new NotSeen(text, text, text)],
        [new HistoryPoint(DateTimeOffset.MinValue, long.MaxValue, -1, double.NaN, 9e300, null, 0, 0), new HistoryPoint(DateTimeOffset.MaxValue, 0, int.MaxValue, 1e300, -9e300, null, 0, 0)]);
}
