using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>The templates in a folder of their own, in which a test may break the monitoring and evaluate a module of it alone.</summary>
internal sealed class TemplateCopy : IDisposable
{
    private readonly TemplateFolder _folder = new();

    /// <summary>Puts other text in the place of some that must be there, wherever it is.</summary>
    public void Replace(string file, string text, string by)
    {
        string path = Path.Combine(_folder.Root, file);
        string whole = File.ReadAllText(path);
        Assert.Contains(text, whole, StringComparison.Ordinal);
        File.WriteAllText(path, whole.Replace(text, by, StringComparison.Ordinal));
    }

    /// <summary>The resources that a module makes of these parameters, evaluated.</summary>
    public async Task<IReadOnlyList<JsonElement>> EvaluateAsync(BicepServer bicep, string module, string parameters)
    {
        string file = _folder.PathOf($"modules/monitoring/{module}.test.bicepparam");
        await File.WriteAllTextAsync(file, $"using '{module}.bicep'\n{parameters}", TestContext.Current.CancellationToken);
        using JsonDocument document = JsonDocument.Parse(await bicep.SnapshotAsync(file, "monitoring"));
        return [.. document.RootElement.GetProperty("predictedResources").Clone().EnumerateArray()];
    }

    public void Dispose() => _folder.Dispose();
}
