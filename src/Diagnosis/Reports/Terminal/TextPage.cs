using System.Text;

namespace TByte.Functions.Diagnosis.Reports.Terminal;

/// <summary>Lines of at most a width.</summary>
internal sealed class TextPage(int width, bool colour)
{
    private const int LeastText = 20;

    private readonly StringBuilder _text = new();

    public int Width { get; } = width;

    public void Blank() => _text.Append('\n');

    public void Heading(string text)
    {
        Blank();
        Line(text, TextStyle.Bold);
    }

    /// <summary>One line as it is, however long.</summary>
    public void Line(string text, TextStyle style = TextStyle.Plain) => _text.Append(Styled(text, style)).Append('\n');

    /// <summary>Text broken between words, every line behind an indent.</summary>
    public void Paragraph(string text, TextStyle style = TextStyle.Plain, int indent = 0) =>
        Labelled(new string(' ', indent), text, style);

    /// <summary>A label, and behind it text broken between words.</summary>
    public void Labelled(string label, string text, TextStyle style = TextStyle.Plain)
    {
        string indent = new(' ', label.Length);
        string before = label;
        foreach (string line in Wrapped(text, Math.Max(LeastText, Width - label.Length)))
        {
            _text.Append(before.Trim().Length > 0 ? Styled(before, TextStyle.Quiet) : before).Append(Styled(line, style)).Append('\n');
            before = indent;
        }
    }

    /// <summary>Lines to copy: indented, never broken.</summary>
    public void Code(string text, int indent)
    {
        foreach (string line in VisibleText.Block(text, VisibleText.MostOfStatement).Split('\n'))
            _text.Append(' ', indent).Append(Styled(line, TextStyle.Code)).Append('\n');
    }

    public string Styled(string text, TextStyle style) =>
        colour && style != TextStyle.Plain ? $"\u001b[{style.Code()}m{text}\u001b[0m" : text;

    public override string ToString() => _text.ToString();

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        foreach (string paragraph in VisibleText.Block(text, VisibleText.MostOfStatement).Split('\n'))
        {
            ReadOnlyMemory<char> rest = paragraph.AsMemory().Trim();
            while (rest.Length > width)
            {
                int space = rest.Span[..(width + 1)].LastIndexOf(' ');
                int end = space > 0 ? space : VisibleText.WholeCharacters(rest.Span, width);
                yield return rest[..end].ToString();
                rest = rest[end..].TrimStart();
            }
            yield return rest.ToString();
        }
    }
}
