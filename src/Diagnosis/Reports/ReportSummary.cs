using System.Text;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>A report in one line for the log.</summary>
public static class ReportSummary
{
    private const int MostLength = 500;
    private const int MostOfName = 80;

    /// <summary>
    /// E.g. <c>3 findings, 1 high: missing-index orders; dead-rows order_items; …</c>; at most 500 characters, on one line whatever the
    /// names hold.
    /// </summary>
    public static string Of(DiagnosisReport report)
    {
        var line = new StringBuilder(Count(report));
        if (report.Servers is not [{ Problem: null }, ..])
            line.Append(", the primary could not be looked at");

        string separator = ": ";
        foreach ((int shown, Finding finding) in report.Findings.Index())
        {
            string name = $"{separator}{VisibleText.Line(finding.Rule, MostOfName)} {VisibleText.Line(finding.Subject, MostOfName)}";
            string more = $"; {report.Findings.Count - shown} more";
            if (line.Length + name.Length + more.Length > MostLength)
                return line.Append(more).ToString();
            line.Append(name);
            separator = "; ";
        }
        return line.ToString();
    }

    private static string Count(DiagnosisReport report)
    {
        int high = report.Findings.Count(finding => finding.Severity == Severity.High);
        return report.Findings.Count switch
        {
            0 => "No findings",
            1 => $"1 finding, {high} high",
            int count => $"{count} findings, {high} high",
        };
    }
}
