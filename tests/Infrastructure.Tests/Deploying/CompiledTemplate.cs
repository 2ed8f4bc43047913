using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A compiled template, or the one inside a module: what is made in loops, and what waits for what.</summary>
internal sealed class CompiledTemplate(JsonElement template)
{
    /// <summary>By symbolic name; Bicep writes a list, without names, for templates that need none.</summary>
    public IReadOnlyDictionary<string, JsonElement> Resources { get; } = template.GetProperty("resources") is { ValueKind: JsonValueKind.Object } named
        ? named.EnumerateObject().ToDictionary(static resource => resource.Name, static resource => resource.Value)
        : template.GetProperty("resources").EnumerateArray().ToDictionary(static resource => resource.GetProperty("name").GetString()!);

    /// <summary>A template and those inside it.</summary>
    public static IEnumerable<CompiledTemplate> WithModules(JsonElement template)
    {
        CompiledTemplate outer = new(template);
        return outer.Resources.Values.Where(IsModule).SelectMany(static module => WithModules(Inner(module))).Prepend(outer);
    }

    /// <summary>The modules of this template that make a resource of a type themselves.</summary>
    public IEnumerable<string> ModulesThatMake(string type) => Resources
        .Where(static resource => IsModule(resource.Value))
        .Where(module => new CompiledTemplate(Inner(module.Value)).Resources.Values.Any(resource => resource.GetProperty("type").GetString() == type))
        .Select(static module => module.Key);

    public bool IsParallelLoop(string resource) =>
        Resources[resource].TryGetProperty("copy", out JsonElement copy)
        && !(copy.TryGetProperty("mode", out JsonElement mode) && mode.GetString() == "serial" && copy.GetProperty("batchSize").GetInt32() == 1);

    /// <summary>Whether one resource is made after another.</summary>
    public bool Waits(string resource, string forAnother) =>
        Resources[resource].TryGetProperty("dependsOn", out JsonElement before)
        && before.EnumerateArray().Select(static name => name.GetString()!).Any(name => name == forAnother || Waits(name, forAnother));

    private static bool IsModule(JsonElement resource) => resource.GetProperty("type").GetString() == "Microsoft.Resources/deployments";

    private static JsonElement Inner(JsonElement module) => module.GetProperty("properties").GetProperty("template");
}
