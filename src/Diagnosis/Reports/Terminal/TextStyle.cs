namespace TByte.Functions.Diagnosis.Reports.Terminal;

/// <summary>How a piece of text is set off, where colours are wanted.</summary>
internal enum TextStyle
{
    Plain,
    Bold,
    Quiet,
    Code,
    High,
    Medium,
    Low,
    Well,
}

internal static class TextStyles
{
    public static TextStyle Of(Severity severity) => severity switch
    {
        Severity.High => TextStyle.High,
        Severity.Medium => TextStyle.Medium,
        _ => TextStyle.Low,
    };

    /// <summary>The parameters of the terminal's "select graphic rendition".</summary>
    public static string Code(this TextStyle style) => style switch
    {
        TextStyle.Bold => "1",
        TextStyle.Quiet => "2",
        TextStyle.Code => "36",
        TextStyle.High => "1;31",
        TextStyle.Medium => "1;33",
        TextStyle.Low => "1;34",
        TextStyle.Well => "1;32",
        _ => "0",
    };
}
