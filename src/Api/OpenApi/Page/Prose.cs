using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>Sentences of the document: what stands in backticks is code.</summary>
internal static class Prose
{
    public static void Write(HtmlWriter html, string text)
    {
        string[] parts = text.Split('`');
        for (int i = 0; i < parts.Length; i++)
        {
            // Not as an element of its own line, which would put a space before what follows.
            html.Raw(i == 0 ? "" : i % 2 == 1 ? "<code>" : "</code>");
            html.Text(parts[i]);
        }
    }

    public static void WriteParagraph(HtmlWriter html, string text)
    {
        if (text.Length == 0)
            return;

        using (html.In("p"))
            Write(html, text);
    }
}
