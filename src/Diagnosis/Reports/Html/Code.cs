namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>Text to copy: one click takes the whole of it.</summary>
internal static class Code
{
    public static void Write(HtmlWriter html, string text)
    {
        using (html.In("pre"))
            html.Add("code", VisibleText.Block(text, VisibleText.MostOfStatement));
    }
}
