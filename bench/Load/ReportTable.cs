using System.Text;

namespace TByte.Functions.Load;

/// <summary>A table in Markdown with columns of even width.</summary>
internal sealed class ReportTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        for (int i = 0; i < _rows.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", _rows[i].Select((cell, column) => cell.PadRight(widths[column]))).AppendLine(" |");
            if (i == 0)
                text.Append("|-").AppendJoin("-|-", widths.Select(width => new string('-', width))).AppendLine("-|");
        }

        return text.ToString();
    }
}
