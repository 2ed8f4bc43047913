namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The style of the report's page, which the operations page shares.</summary>
public static class StyleSheet
{
    /// <summary>The text of report.css, with LF line ends.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using Stream resource = typeof(StyleSheet).Assembly.GetManifestResourceStream(typeof(StyleSheet), "report.css")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
