using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace TByte.Functions.Api.OpenApi;

/// <summary>The OpenAPI document, to be read by its parts.</summary>
internal sealed class ApiDocument(ReadOnlyMemory<byte> json)
{
    private readonly JsonElement _root = JsonDocument.Parse(json).RootElement;

    public JsonElement Info => _root.GetProperty("info");

    /// <summary>The tags, in the order in which they are to be shown.</summary>
    public IEnumerable<string> Tags => _root.GetProperty("tags").EnumerateArray().Select(tag => Text(tag, "name"));

    /// <summary>All operations, in the document's order.</summary>
    public IEnumerable<ApiOperation> Operations =>
        from path in _root.GetProperty("paths").EnumerateObject()
        from member in path.Value.EnumerateObject()
        where member.Name != "parameters"
        select new ApiOperation(
            member.Name.ToUpperInvariant(), path.Name, member.Value, [.. Listed(path.Value, "parameters").Concat(Listed(member.Value, "parameters")).Select(Resolve)]);

    /// <summary>The reusable parts of a kind, such as <c>schemas</c>.</summary>
    public IEnumerable<JsonProperty> Components(string kind) => _root.GetProperty("components").GetProperty(kind).EnumerateObject();

    /// <summary>The element, or what its <c>$ref</c> stands for.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out JsonElement reference))
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(_root, (at, name) => at.GetProperty(name));
        return element;
    }

    /// <summary>The first example of something with a schema: its own, or the schema's; null without one.</summary>
    public JsonElement? ExampleOf(JsonElement described) => described.TryGetProperty("example", out JsonElement own)
        ? own
        : Listed(Resolve(described.GetProperty("schema")), "examples").Cast<JsonElement?>().FirstOrDefault();

    /// <summary>The name that a <c>$ref</c> ends with; null for what stands there itself.</summary>
    public static string? NameOf(JsonElement element) =>
        element.TryGetProperty("$ref", out JsonElement reference) ? reference.GetString()!.Split('/')[^1] : null;

    /// <summary>A member's text; empty without it.</summary>
    public static string Text(JsonElement owner, string member) => owner.TryGetProperty(member, out JsonElement text) ? text.GetString()! : "";

    /// <summary>A member's items; none without it.</summary>
    public static IEnumerable<JsonElement> Listed(JsonElement owner, string member) =>
        owner.TryGetProperty(member, out JsonElement items) ? (IEnumerable<JsonElement>)items.EnumerateArray() : [];

    /// <summary>A member's members; none without it.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement owner, string member) =>
        owner.TryGetProperty(member, out JsonElement members) ? (IEnumerable<JsonProperty>)members.EnumerateObject() : [];
}

/// <summary>One operation.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Description">As it is described.</param>
/// <param name="Parameters">Those of the path and its own, resolved.</param>
internal sealed record ApiOperation(string Method, string Path, JsonElement Description, IReadOnlyList<JsonElement> Parameters)
{
    public string Id => ApiDocument.Text(Description, "operationId");

    public string Tag => Description.GetProperty("tags")[0].GetString()!;

    /// <summary>The names of the ways to say who one is; none when anyone may ask.</summary>
    public IEnumerable<string> Security =>
        ApiDocument.Listed(Description, "security").SelectMany(way => way.EnumerateObject()).Select(scheme => scheme.Name);
}
