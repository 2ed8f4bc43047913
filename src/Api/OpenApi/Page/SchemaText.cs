using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.Api.OpenApi.Page;

/// <summary>What a schema allows, in words; a schema with a name is a link to it.</summary>
internal static class SchemaText
{
    public static void Write(HtmlWriter html, JsonElement schema)
    {
        if (ApiDocument.NameOf(schema) is { } name)
            html.Add("a", name, ("href", $"#schema-{name}"));
        else if (schema.TryGetProperty("items", out JsonElement items))
            WriteArray(html, items);
        else
            html.Text(TypeOf(schema));

        string bounds = string.Join(", ", Bounds(schema));
        if (bounds.Length > 0)
            html.Add("span", bounds, ("class", "bounds"));
    }

    private static void WriteArray(HtmlWriter html, JsonElement items)
    {
        html.Text("array of ");
        Write(html, items);
    }

    private static string TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out JsonElement type)
        ? "any"
        : type.ValueKind == JsonValueKind.Array ? string.Join(" or ", type.EnumerateArray()) : type.ToString();

    private static IEnumerable<string> Bounds(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out JsonElement values))
            yield return string.Join(" | ", values.EnumerateArray());
        if (schema.TryGetProperty("const", out JsonElement only))
            yield return $"always {only.ToString()}";
        foreach ((string keyword, string words) in (IEnumerable<(string, string)>)
            [
                ("format", ""), ("minimum", "≥ "), ("maximum", "≤ "), ("multipleOf", "multiple of "), ("minLength", "length ≥ "),
                ("maxLength", "length ≤ "), ("maxItems", "items ≤ "), ("default", "default "), ("pattern", "like "),
            ])
        {
            if (schema.TryGetProperty(keyword, out JsonElement bound))
                yield return $"{words}{bound}";
        }
    }

    /// <summary>The members of an object, those of objects within it, too.</summary>
    public static IEnumerable<SchemaMember> Members(JsonElement schema, string prefix = "")
    {
        string[] required = [.. ApiDocument.Listed(schema, "required").Select(name => name.GetString()!)];
        foreach (JsonProperty member in ApiDocument.Members(schema, "properties"))
        {
            string name = prefix + member.Name;
            yield return new SchemaMember(name, member.Value, required.Contains(member.Name));
            JsonElement inner = member.Value.TryGetProperty("items", out JsonElement items) ? items : member.Value;
            foreach (SchemaMember nested in Members(inner, $"{name}."))
                yield return nested;
        }
    }
}

/// <param name="Name">With the names of the objects that it is in.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="IsRequired">Whether it is always there.</param>
internal sealed record SchemaMember(string Name, JsonElement Schema, bool IsRequired);
