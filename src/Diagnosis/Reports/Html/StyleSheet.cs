namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The page's style, from report.css.</summary>
internal static class StyleSheet
{
    public static string Text { get; } = Read();

    private static string Read()
    {
        using Stream resource = typeof(StyleSheet).Assembly.GetManifestResourceStream(typeof(StyleSheet), "report.css")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
