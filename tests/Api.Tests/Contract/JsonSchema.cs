using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>
/// Checks values against the part of JSON Schema that the document uses; a keyword that it does not know is an error, so that nothing
/// in the document goes unchecked.
/// </summary>
internal sealed class JsonSchema(JsonElement document)
{
    public JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out JsonElement reference))
            element = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));
        return element;
    }

    /// <summary>What is wrong with a value, each with where it stands.</summary>
    public IEnumerable<string> Violations(JsonElement schema, JsonElement value, string at)
    {
        schema = Resolve(schema);
        return schema.EnumerateObject().SelectMany(keyword => Violations(keyword, schema, value, at));
    }

    /// <summary>Whether a header's text is a value of the schema.</summary>
    public bool AllowsText(JsonElement schema, string text)
    {
        schema = Resolve(schema);
        bool isNumber = schema.GetProperty("type").GetString() is "integer";
        string json = isNumber ? text : JsonSerializer.Serialize(text);
        return (!isNumber || long.TryParse(text, CultureInfo.InvariantCulture, out _))
            && !Violations(schema, JsonDocument.Parse(json).RootElement, "").Any();
    }

    private IEnumerable<string> Violations(JsonProperty keyword, JsonElement schema, JsonElement value, string at)
    {
        JsonElement rule = keyword.Value;
        JsonValueKind kind = value.ValueKind;
        switch (keyword.Name)
        {
            case "description" or "examples" or "title" or "default":
                return [];
            case "type":
                return Unless(Types(rule).Any(type => IsOf(type, value)), $"{at} is no {rule}: {value}");
            case "const":
                return Unless(JsonElement.DeepEquals(rule, value), $"{at} is not {rule}: {value}");
            case "enum":
                return Unless(rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at} is none of {rule}: {value}");
            case "minimum" when kind == JsonValueKind.Number:
                return Unless(value.GetDecimal() >= rule.GetDecimal(), $"{at} is less than {rule}: {value}");
            case "maximum" when kind == JsonValueKind.Number:
                return Unless(value.GetDecimal() <= rule.GetDecimal(), $"{at} is more than {rule}: {value}");
            case "multipleOf" when kind == JsonValueKind.Number:
                return Unless(value.GetDecimal() % rule.GetDecimal() == 0, $"{at} is no multiple of {rule}: {value}");
            case "minLength" when kind == JsonValueKind.String:
                return Unless(value.GetString()!.EnumerateRunes().Count() >= rule.GetInt32(), $"{at} is shorter than {rule}: {value}");
            case "maxLength" when kind == JsonValueKind.String:
                return Unless(value.GetString()!.EnumerateRunes().Count() <= rule.GetInt32(), $"{at} is longer than {rule}: {value}");
            case "pattern" when kind == JsonValueKind.String:
                return Unless(Regex.IsMatch(value.GetString()!, rule.GetString()!), $"{at} does not look like {rule}: {value}");
            case "format" when kind == JsonValueKind.String:
                return Unless(HasFormat(rule.GetString()!, value), $"{at} is no {rule}: {value}");
            case "maxItems" when kind == JsonValueKind.Array:
                return Unless(value.GetArrayLength() <= rule.GetInt32(), $"{at} has more than {rule} items");
            case "items" when kind == JsonValueKind.Array:
                return value.EnumerateArray().SelectMany((item, index) => Violations(rule, item, $"{at}[{index}]"));
            case "required" when kind == JsonValueKind.Object:
                return rule.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name =>
                    $"{at} lacks {name}");
            case "properties" when kind == JsonValueKind.Object:
                return rule.EnumerateObject().Where(property => value.TryGetProperty(property.Name, out _))
                    .SelectMany(property => Violations(property.Value, value.GetProperty(property.Name), $"{at}.{property.Name}"));
            case "additionalProperties" when kind == JsonValueKind.Object:
                Assert.False(rule.GetBoolean());
                return value.EnumerateObject().Where(property => !schema.GetProperty("properties").TryGetProperty(property.Name, out _))
                    .Select(property => $"{at} has {property.Name}, which is not described");
            case "minimum" or "maximum" or "multipleOf" or "minLength" or "maxLength" or "pattern" or "format" or "maxItems" or "items"
                or "required" or "properties" or "additionalProperties":
                return [];
            default:
                throw new InvalidOperationException($"{at}: no check is written for the keyword {keyword.Name}.");
        }
    }

    private static IEnumerable<string> Unless(bool holds, string violation) => holds ? [] : [violation];

    private static IEnumerable<string?> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()];

    private static bool IsOf(string? type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new InvalidOperationException($"There is no type {type}."),
    };

    private static bool HasFormat(string format, JsonElement value) => format switch
    {
        "date" => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => value.TryGetDateTimeOffset(out _),
        "email" => value.GetString()!.Contains('@', StringComparison.Ordinal),
        "uri" => Uri.TryCreate(value.GetString(), UriKind.Absolute, out _),
        _ => throw new InvalidOperationException($"No check is written for the format {format}."),
    };
}
