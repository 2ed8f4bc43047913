namespace TByte.Functions.Diagnosis.Reports.Terminal;

/// <summary>One finding.</summary>
internal static class FindingText
{
    private const int MostOfName = 100;
    private const int MostRows = 40;

    public static void Write(TextPage text, Finding finding)
    {
        string severity = finding.Severity.ToString().ToUpperInvariant();
        text.Blank();
        text.Line($"{text.Styled(severity, TextStyles.Of(finding.Severity))}  {VisibleText.Line(finding.Subject, MostOfName)}  "
            + text.Styled($"{VisibleText.Line(finding.Rule, MostOfName)}, {Quantity.Percent(Math.Clamp(finding.Confidence, 0, 1))} sure", TextStyle.Quiet));
        text.Paragraph(VisibleText.Line(finding.What, VisibleText.MostOfSentence), TextStyle.Bold, indent: 2);
        text.Labelled("  Effect   ", finding.Effect);
        WriteEvidence(text, finding.Evidence);
        text.Labelled("  To do    ", finding.Remedy.Text);
        foreach (string statement in finding.Remedy.Sql.Take(MostRows))
            text.Code(ReportStatement.Ended(statement), indent: 11);
        if (finding.Remedy.Setting is { } setting)
            text.Code(setting, indent: 11);
        text.Labelled("  Verify   ", finding.Verify);
    }

    private static void WriteEvidence(TextPage text, IReadOnlyList<Measurement> evidence)
    {
        (string Name, string Value, string Bound)[] rows =
        [
            .. evidence.Take(MostRows).Select(measured => (
                VisibleText.Line(measured.Name, MostOfName),
                Quantity.Of(measured.Value, measured.Unit),
                measured.Threshold is { } bound ? $"  (bound {Quantity.Of(bound, measured.Unit)})" : "")),
        ];
        int valueWidth = rows.Select(row => row.Value.Length).DefaultIfEmpty().Max();
        string label = "  Evidence ";
        foreach ((string name, string value, string bound) in rows)
        {
            text.Labelled($"{label}{value.PadLeft(valueWidth)}  ", name + bound);
            label = "           ";
        }
    }
}
