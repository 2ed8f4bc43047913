namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A copy of the templates that can be changed; deleted at the end.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("tbyte-bicep-");

    public TemplateFolder()
    {
        // The whole of infra, since templates read files beside their own folder.
        string source = Path.GetDirectoryName(Bicep.Folder)!;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_root.FullName, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Replaces the only occurrence of a text in a file.</summary>
    public TemplateFolder Change(TemplateChange change)
    {
        string file = PathOf(change.File);
        string text = File.ReadAllText(file);
        if (text.Split(change.Text).Length != 2)
            throw new InvalidOperationException($"{change.File} must have '{change.Text}' once.");
        File.WriteAllText(file, text.Replace(change.Text, change.Replacement, StringComparison.Ordinal));
        return this;
    }

    /// <summary>What would be deployed with a parameter file.</summary>
    public async Task<Deployment> DeployAsync(string environment, params (string Name, string Value)[] variables)
    {
        BicepResult build = await Bicep.RunAsync("build", PathOf("main.bicep"), "--stdout");
        string parameters = PathOf($"{environment}.bicepparam");
        BicepResult snapshot = await Bicep.SnapshotAsync("overwrite", parameters, environment, variables);
        if (build.ExitCode != 0 || snapshot.ExitCode != 0)
            throw new InvalidOperationException($"{environment}: {build.Error}{snapshot.Error}{snapshot.Output}");

        return new Deployment(environment, build.Output, await File.ReadAllTextAsync(PathOf($"{environment}.snapshot.json")));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string PathOf(string file) => Path.Combine(_root.FullName, "bicep", file);
}
