using TByte.Functions.Diagnosis.Reports.Terminal;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>A report to be read in a terminal. Text of others cannot steer it: what is not seen is written out.</summary>
public static class ReportText
{
    /// <summary>The narrowest text.</summary>
    public const int LeastWidth = 60;

    /// <summary>The widest text; longer lines are hard to read.</summary>
    public const int MostWidth = 120;

    private const int MostFindings = 100;

    /// <param name="report">The report.</param>
    /// <param name="width">Columns; taken as 60 to 120. Statements are not broken, so that they can be copied.</param>
    /// <param name="colour">Whether severities and headings are set off with ANSI colours.</param>
    public static string Write(DiagnosisReport report, int width, bool colour)
    {
        var text = new TextPage(Math.Clamp(width, LeastWidth, MostWidth), colour);
        Verdict verdict = Verdict.Of(report);
        text.Paragraph(verdict.Sentence + ".", verdict switch
        {
            { Worst: { } worst } => TextStyles.Of(worst),
            { IsKnown: false } => TextStyle.Medium,
            _ => TextStyle.Well,
        });
        text.Paragraph($"Diagnosis of {Quantity.Time(report.At)}; figures are of {Quantity.Window(report.Window)}.", TextStyle.Quiet);

        foreach (Finding finding in report.Findings.Take(MostFindings))
            FindingText.Write(text, finding);
        OverviewText.Write(text, report);
        return text.ToString();
    }
}
