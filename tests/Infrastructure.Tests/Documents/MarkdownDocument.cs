using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>A link of a document: where it leads, as written.</summary>
internal sealed record DocumentLink(string Document, string Target)
{
    public bool IsRelative => !Target.Contains("://", StringComparison.Ordinal) && !Target.StartsWith("mailto:", StringComparison.Ordinal);
}

/// <summary>A page of the documentation, taken apart as far as it can be wrong.</summary>
internal sealed partial class MarkdownDocument
{
    private readonly string _text;
    private readonly string _prose;

    private MarkdownDocument(string path)
    {
        Path = System.IO.Path.GetRelativePath(Bicep.Repository, path).Replace('\\', '/');
        _text = File.ReadAllText(path);
        _prose = Fence().Replace(_text, "");
    }

    /// <summary>README.md and all of docs.</summary>
    public static IReadOnlyList<MarkdownDocument> All { get; } =
    [
        new(System.IO.Path.Combine(Bicep.Repository, "README.md")),
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Bicep.Repository, "docs"), "*.md", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(static path => new MarkdownDocument(path)),
    ];

    /// <summary>From the repository's root.</summary>
    public string Path { get; }

    public string Text => _text;

    public IEnumerable<DocumentLink> Links => Link().Matches(InlineCode().Replace(_prose, "")).Select(match => new DocumentLink(Path, match.Groups["target"].Value));

    /// <summary>What stands between backticks in a sentence or a table.</summary>
    public IEnumerable<string> Codes => InlineCode().Matches(_prose).Select(static match => match.Value.Trim('`'));

    /// <summary>Commands of its shell blocks, with continued lines joined and comments left out.</summary>
    public IEnumerable<string> Commands => Fence().Matches(_text)
        .Where(static block => block.Groups["language"].Value is "sh" or "bash")
        .SelectMany(static block => block.Groups["body"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .Select(static line => Comment().Replace(line, "").Trim())
        .Where(static line => line.Length > 0);

    /// <summary>What its headings are linked to by, as GitHub names them.</summary>
    public IReadOnlySet<string> Anchors => Heading().Matches(_prose)
        .Select(static heading => NoAnchor().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    public override string ToString() => Path;

    [GeneratedRegex(@"^(?<fence>`{3,})(?<language>\w*)\n(?<body>.*?)^\k<fence>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`[^`\n]+`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"(^|\s)#\s.*$")]
    private static partial Regex Comment();
}
