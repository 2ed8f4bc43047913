using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A function app, or a slot of one.</summary>
internal sealed class FunctionAppSite(Resource resource)
{
    public Resource Resource => resource;

    public string Name => resource.Name;

    public int? MinimumInstances => resource.NumberAt("properties.siteConfig.minimumElasticInstanceCount");

    public int? MaximumInstances => resource.NumberAt("properties.siteConfig.functionAppScaleLimit");

    /// <summary>Settings by name, expressions that are known after the deployment only replaced by plausible values.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = (resource.At("properties.siteConfig.appSettings") ?? throw new InvalidOperationException(
            $"{resource.Name} has no settings."))
        .EnumerateArray()
        .ToDictionary(static setting => Text(setting, "name"), static setting => DeployedValue.Of(Text(setting, "value")));

    public string Setting(string name) => Settings.GetValueOrDefault(name, "");

    public override string ToString() => Name;

    private static string Text(JsonElement setting, string name) => setting.GetProperty(name).GetString()!;
}
