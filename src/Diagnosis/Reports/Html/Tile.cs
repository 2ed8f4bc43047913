namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>One figure with its name, in a list of such.</summary>
internal static class Tile
{
    public static void Write(HtmlWriter html, string name, string value, string? note = null)
    {
        using (html.In("div"))
        {
            html.Add("dt", name);
            using (html.In("dd"))
            {
                html.Add("strong", value);
                if (note is not null)
                    html.Add("span", note);
            }
        }
    }
}
