namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A copy of the templates that can be changed; deleted at the end.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("tbyte-bicep-");

    public TemplateFolder()
    {
        // The whole of infra, since templates read files beside their own folder.
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Tests.Bicep.Repository, "infra"), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Root, Path.GetRelativePath(Tests.Bicep.Repository, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Stands for the root of the repository; has infra only.</summary>
    public string Root => _root.FullName;

    /// <summary>The copy of infra/bicep.</summary>
    public string Bicep => Path.Combine(Root, "infra", "bicep");

    /// <summary>Replaces the only occurrence of a text in a file.</summary>
    public TemplateFolder Change(TemplateChange change)
    {
        string file = PathOf(change.File);
        string text = File.ReadAllText(file);
        if (text.Split(change.Text).Length != 2)
            throw new InvalidOperationException($"{change.File} must have '{change.Text}' once.");
        File.WriteAllText(file, text.Replace(change.Text, change.Replacement, StringComparison.Ordinal));
        foreach (TemplateChange more in change.More)
            Change(more);
        return this;
    }

    /// <summary>Where a file of infra/bicep lies in the copy.</summary>
    public string PathOf(string file) => Path.Combine(Bicep, file);

    public void Dispose() => _root.Delete(recursive: true);
}
