using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>The schemas of the document, evaluated as JSON Schema 2020-12, the dialect of OpenAPI 3.1. Formats count.</summary>
internal sealed class DocumentSchemas(JsonElement document)
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly string _definitions = Local(document.GetProperty("components").GetProperty("schemas"));
    private readonly ConcurrentDictionary<string, JsonSchema> _compiled = new();
    private readonly Lock _evaluating = new();

    public JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out JsonElement reference))
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));
        return element;
    }

    /// <summary>What is wrong with a schema itself.</summary>
    public static IEnumerable<string> ViolationsOfDialect(JsonElement schema, string at) => Evaluate(MetaSchemas.Draft202012, schema, at);

    /// <summary>What is wrong with a value, each with where it stands.</summary>
    public IEnumerable<string> Violations(JsonElement schema, JsonElement value, string at)
    {
        JsonSchema compiled = _compiled.GetOrAdd(Local(schema), Compile);
        lock (_evaluating)
            return Evaluate(compiled, value, at);
    }

    /// <summary>Whether a header's text is a value of the schema.</summary>
    public bool AllowsText(JsonElement schema, string text)
    {
        bool isNumber = Resolve(schema).GetProperty("type").GetString() is "integer";
        string json = isNumber ? text : JsonSerializer.Serialize(text);
        return (!isNumber || long.TryParse(text, CultureInfo.InvariantCulture, out _))
            && !Violations(schema, JsonDocument.Parse(json).RootElement, "").Any();
    }

    private JsonSchema Compile(string schema) => JsonSchema.FromText(
        $$"""{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {{_definitions}}, "allOf": [{{schema}}]}""");

    private static List<string> Evaluate(JsonSchema schema, JsonElement value, string at)
    {
        EvaluationResults results = schema.Evaluate(JsonNode.Parse(value.GetRawText()), Options);
        return results.IsValid
            ? []
            :
            [
                .. from place in results.Details
                   where place is { IsValid: false, HasErrors: true }
                   from error in place.Errors!
                   select $"{at}{place.InstanceLocation}: {error.Value}",
            ];
    }

    private static string Local(JsonElement schema) => schema.GetRawText().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
}
