namespace TByte.Functions.Diagnosis.Reports;

/// <summary>What a report comes to, in one sentence.</summary>
/// <param name="Worst">The highest severity; null without findings.</param>
/// <param name="IsKnown">Whether the primary could be looked at.</param>
/// <param name="Sentence">The sentence.</param>
internal sealed record Verdict(Severity? Worst, bool IsKnown, string Sentence)
{
    public static Verdict Of(DiagnosisReport report)
    {
        bool isKnown = report.Servers is [{ Problem: null }, ..];
        Severity? worst = report.Findings.Count == 0 ? null : report.Findings.Max(finding => finding.Severity);
        string found = Found(report, worst);
        return new Verdict(worst, isKnown, isKnown ? found : $"The primary could not be looked at; of the rest: {char.ToLowerInvariant(found[0])}{found[1..]}");
    }

    private static string Found(DiagnosisReport report, Severity? worst)
    {
        int count = report.Findings.Count(finding => finding.Severity == worst);
        string what = count == report.Findings.Count ? $"{count} finding{(count == 1 ? "" : "s")}" : $"{count} of {report.Findings.Count} findings";
        return worst switch
        {
            Severity.High => $"{what} cost{(count == 1 ? "s" : "")} readers time or answers now",
            Severity.Medium => $"{what} should be dealt with within days",
            Severity.Low => $"{what}, none of them urgent",
            _ => "Nothing was found that slows the shop down",
        };
    }
}
