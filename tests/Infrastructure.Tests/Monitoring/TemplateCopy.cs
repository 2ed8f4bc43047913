using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>The templates of the monitoring in a folder of their own, in which a test may break them.</summary>
internal sealed class TemplateCopy : IDisposable
{
    private static readonly string[] Copied = ["infra/bicep/bicepconfig.json", "infra/bicep/modules/monitoring", "infra/kql"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tbyte-monitoring-").FullName;

    public TemplateCopy()
    {
        foreach (string path in Copied)
        {
            string from = Path.Combine(Bicep.Repository, path);
            foreach (string file in File.Exists(from) ? [from] : Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            {
                string to = Path.Combine(_folder, Path.GetRelativePath(Bicep.Repository, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }
    }

    /// <summary>Puts other text in the place of some that must be there, wherever it is.</summary>
    public void Replace(string file, string text, string by)
    {
        string path = Path.Combine(_folder, file);
        string whole = File.ReadAllText(path);
        Assert.Contains(text, whole, StringComparison.Ordinal);
        File.WriteAllText(path, whole.Replace(text, by, StringComparison.Ordinal));
    }

    /// <summary>The resources that a module makes of these parameters, evaluated.</summary>
    public async Task<IReadOnlyList<JsonElement>> EvaluateAsync(string module, string parameters)
    {
        string folder = Path.Combine(_folder, "infra", "bicep", "modules", "monitoring");
        string file = Path.Combine(folder, $"{module}.test.bicepparam");
        await File.WriteAllTextAsync(file, $"using '{module}.bicep'\n{parameters}", TestContext.Current.CancellationToken);
        BicepResult result = await Bicep.RunAsync("snapshot", file, "--mode", "overwrite");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);

        string snapshot = await File.ReadAllTextAsync(Path.ChangeExtension(file, ".snapshot.json"), TestContext.Current.CancellationToken);
        using JsonDocument document = JsonDocument.Parse(snapshot);
        return [.. document.RootElement.GetProperty("predictedResources").Clone().EnumerateArray()];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
