using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A resource that would be deployed.</summary>
internal sealed class Resource(JsonElement body)
{
    public string Type { get; } = body.GetProperty("type").GetString()!;

    public string Name { get; } = body.GetProperty("name").GetString()!;

    public string Id { get; } = body.GetProperty("id").GetString()!;

    public JsonElement Body => body;

    /// <summary>The value at a path such as <c>properties.network</c>, or null.</summary>
    public JsonElement? At(string path)
    {
        JsonElement at = body;
        foreach (string step in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
                return null;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }

    /// <summary>The same as text: what is in quotes without them.</summary>
    public string? TextAt(string path) => At(path)?.ToString();

    public int? NumberAt(string path) => At(path)?.GetInt32();

    public override string ToString() => Name;
}
