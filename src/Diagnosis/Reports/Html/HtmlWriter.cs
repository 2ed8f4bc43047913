using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>Writes elements; every text and every attribute's value is escaped here, and only here.</summary>
internal sealed class HtmlWriter
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Opens an element; disposing of what it returns closes it.</summary>
    public Element In(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        return new Element(this, tag);
    }

    /// <summary>An element with nothing but a text.</summary>
    public void Add(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        Text(text);
        End(tag);
    }

    /// <summary>An element that has no end tag.</summary>
    public void AddVoid(string tag, params ReadOnlySpan<(string Name, string Value)> attributes) => Start(tag, attributes);

    public void Text(string text) => _html.Append(Encoder.Encode(text));

    /// <summary>The style sheet and the document type: text of our own, never of others.</summary>
    public void Raw(string markup) => _html.Append(markup);

    public override string ToString() => _html.ToString();

    private void Start(string tag, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _html.Append('<').Append(tag);
        foreach ((string name, string value) in attributes)
            _html.Append(' ').Append(name).Append("=\"").Append(Encoder.Encode(value)).Append('"');
        _html.Append('>');
    }

    private void End(string tag) => _html.Append("</").Append(tag).Append(">\n");

    internal readonly struct Element(HtmlWriter writer, string tag) : IDisposable
    {
        public void Dispose() => writer.End(tag);
    }
}
