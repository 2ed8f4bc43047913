namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>Each link of the documents leads somewhere.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Files_and_headings_that_are_linked_to_are_there()
    {
        DocumentLink[] links = [.. MarkdownDocument.All.SelectMany(static document => document.Links).Where(static link => link.IsRelative)];

        Assert.True(links.Length > 100, $"Only {links.Length} links were found.");
        Assert.Empty(links.Select(Problem).OfType<string>());
    }

    [Fact]
    public void Other_sites_are_linked_to_by_https() => Assert.All(
        MarkdownDocument.All.SelectMany(static document => document.Links).Where(static link => !link.IsRelative),
        static link => Assert.StartsWith("https://", link.Target, StringComparison.Ordinal));

    [Fact]
    public void Every_page_can_be_reached_from_the_readme()
    {
        Dictionary<string, MarkdownDocument> pages = MarkdownDocument.All.ToDictionary(static page => page.Path);
        HashSet<string> reached = ["README.md"];
        Queue<string> next = new(reached);
        while (next.TryDequeue(out string? path))
        {
            foreach (string target in pages[path].Links.Where(static link => link.IsRelative).SelectMany(FilesAt))
            {
                if (pages.ContainsKey(target) && reached.Add(target))
                    next.Enqueue(target);
            }
        }

        Assert.Empty(pages.Keys.Except(reached));
    }

    private static string? Problem(DocumentLink link)
    {
        string[] parts = link.Target.Split('#', 2);
        string file = parts[0].Length == 0 ? link.Document : Resolve(link);
        if (!Path.Exists(Path.Combine(Bicep.Repository, file)))
            return $"{link.Document}: {link.Target} leads nowhere.";
        return parts.Length == 2 && !MarkdownDocument.All.Any(page => page.Path == file && page.Anchors.Contains(parts[1]))
            ? $"{link.Document}: {link.Target} names no heading."
            : null;
    }

    // A folder leads to all that lies in it.
    private static IEnumerable<string> FilesAt(DocumentLink link)
    {
        string target = Resolve(link);
        string path = Path.Combine(Bicep.Repository, target);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path).Select(file => $"{target}/{Path.GetFileName(file)}") : [target];
    }

    private static string Resolve(DocumentLink link)
    {
        string from = Path.Combine(Bicep.Repository, Path.GetDirectoryName(link.Document)!);
        return Path.GetRelativePath(Bicep.Repository, Path.GetFullPath(Path.Combine(from, link.Target.Split('#')[0]))).Replace('\\', '/');
    }
}
