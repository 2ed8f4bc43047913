using System.Text.Json;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>What the document holds that must have an example: bodies, parameters, headers.</summary>
internal sealed class OpenApiExamples(OpenApiDocument document)
{
    /// <param name="Where">Where it stands, for messages.</param>
    /// <param name="Owner">What has the schema and, itself or in the schema, the examples.</param>
    public sealed record Described(string Where, JsonElement Owner);

    /// <summary>Everything that has a schema and can be sent.</summary>
    public IEnumerable<Described> All() =>
    [
        .. from operation in document.Operations() from described in Of(operation) select described,
        .. from header in document.Root.GetProperty("components").GetProperty("headers").EnumerateObject()
           select new Described($"header {header.Name}", header.Value),
    ];

    /// <summary>The examples of one of them.</summary>
    public IEnumerable<JsonElement> Of(Described described)
    {
        if (described.Owner.TryGetProperty("example", out JsonElement one))
            return [one];

        return document.Resolve(described.Owner.GetProperty("schema")).TryGetProperty("examples", out JsonElement many)
            ? (IEnumerable<JsonElement>)many.EnumerateArray()
            : [];
    }

    /// <summary>What is wrong with the examples of one of them; that there is none, too.</summary>
    public IEnumerable<string> Violations(Described described)
    {
        JsonElement[] examples = [.. Of(described)];
        return examples.Length == 0
            ? [$"{described.Where} has no example"]
            : examples.SelectMany(example => document.Violations(described.Owner.GetProperty("schema"), example, described.Where));
    }

    private IEnumerable<Described> Of(OpenApiDocument.Operation operation)
    {
        foreach (JsonElement parameter in Parameters(operation))
            yield return new Described($"{operation} {parameter.GetProperty("name")}", parameter);

        if (operation.Description.TryGetProperty("requestBody", out JsonElement body))
        {
            foreach (Described content in Contents($"{operation} body", body))
                yield return content;
        }

        foreach (JsonProperty response in operation.Description.GetProperty("responses").EnumerateObject())
        {
            foreach (Described content in Contents($"{operation} {response.Name}", document.Resolve(response.Value)))
                yield return content;
        }
    }

    /// <summary>The parameters of the path and the operation.</summary>
    public IEnumerable<JsonElement> Parameters(OpenApiDocument.Operation operation)
    {
        JsonElement path = document.Root.GetProperty("paths").GetProperty(operation.Path);
        return Listed(path).Concat(Listed(operation.Description)).Select(document.Resolve);

        static IEnumerable<JsonElement> Listed(JsonElement owner) =>
            owner.TryGetProperty("parameters", out JsonElement parameters) ? (IEnumerable<JsonElement>)parameters.EnumerateArray() : [];
    }

    private static IEnumerable<Described> Contents(string where, JsonElement owner) =>
        owner.TryGetProperty("content", out JsonElement content)
            ? content.EnumerateObject().Select(media => new Described($"{where} {media.Name}", media.Value))
            : [];
}
