namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>A severity in a word; the colour only repeats it.</summary>
internal static class SeverityMark
{
    public static string Word(Severity severity) => severity.ToString();

    public static string Class(Severity severity) => severity.ToString().ToLowerInvariant();

    public static void Write(HtmlWriter html, Severity severity) => html.Add("span", Word(severity), ("class", "mark " + Class(severity)));
}
