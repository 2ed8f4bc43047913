namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>A table that becomes a list of blocks on a narrow screen; the roles keep it a table for those who listen to it.</summary>
internal static class DataTable
{
    public const string Number = "number";
    public const string Wide = "wide";

    public static void Write<T>(HtmlWriter html, string caption, IEnumerable<T> rows, params IReadOnlyList<Column<T>> columns)
    {
        using (html.In("table", ("class", "data"), ("role", "table")))
        {
            html.Add("caption", caption);
            using (html.In("thead", ("role", "rowgroup")))
            using (html.In("tr", ("role", "row")))
            {
                foreach (Column<T> column in columns)
                    html.Add("th", column.Name, ("scope", "col"), ("role", "columnheader"), ("class", column.Class));
            }
            using (html.In("tbody", ("role", "rowgroup")))
            {
                foreach (T row in rows)
                    WriteRow(html, row, columns);
            }
        }
    }

    private static void WriteRow<T>(HtmlWriter html, T row, IReadOnlyList<Column<T>> columns)
    {
        using (html.In("tr", ("role", "row")))
        {
            foreach (Column<T> column in columns)
            {
                using (html.In("td", ("role", "cell"), ("class", column.Class), ("data-name", column.Name)))
                    column.Write(row);
            }
        }
    }

    /// <param name="Name">The heading.</param>
    /// <param name="Write">Writes what is in the cell.</param>
    /// <param name="Class">How the cells look.</param>
    internal sealed record Column<T>(string Name, Action<T> Write, string Class = "text");
}
