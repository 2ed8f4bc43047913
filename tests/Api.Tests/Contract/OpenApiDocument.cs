using System.Text.Json;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>The OpenAPI document as a checker of answers.</summary>
public sealed class OpenApiDocument
{
    private readonly JsonElement _root;
    private readonly JsonSchema _schema;

    private OpenApiDocument(JsonElement root)
    {
        _root = root;
        _schema = new JsonSchema(root);
    }

    /// <summary>The document that the assembly holds.</summary>
    public static OpenApiDocument Checked { get; } = Load();

    public JsonElement Root => _root;

    /// <summary>Every path and method, as <c>GET /api/…</c>.</summary>
    public IEnumerable<string> Operations() =>
        from path in _root.GetProperty("paths").EnumerateObject()
        from member in path.Value.EnumerateObject()
        where member.Name is not "parameters"
        select $"{member.Name.ToUpperInvariant()} {path.Name}";

    /// <summary>Every schema with its examples.</summary>
    public IEnumerable<(string Schema, JsonElement Example)> Examples() =>
        from schema in _root.GetProperty("components").GetProperty("schemas").EnumerateObject()
        where schema.Value.TryGetProperty("examples", out _)
        from example in schema.Value.GetProperty("examples").EnumerateArray()
        select (schema.Name, example);

    public IEnumerable<string> Violations(string schema, JsonElement value) =>
        _schema.Violations(_root.GetProperty("components").GetProperty("schemas").GetProperty(schema), value, schema);

    /// <summary>Fails when an answer has a status, a header or a body that the document does not tell of.</summary>
    public void Check(string method, string path, Answer answer)
    {
        if (Find(path) is not { } item || !item.TryGetProperty(method.ToLowerInvariant(), out JsonElement operation))
            return;

        string what = $"{method} {path} answered {(int)answer.Status}";
        JsonElement responses = operation.GetProperty("responses");
        Assert.True(responses.TryGetProperty($"{(int)answer.Status}", out JsonElement response),
            $"{what}, which the document does not list");
        response = _schema.Resolve(response);
        if (response.TryGetProperty("headers", out JsonElement headers))
            CheckHeaders(what, headers, answer);
        if (answer.Body.Length > 0)
            CheckBody(what, response, answer);
    }

    private void CheckHeaders(string what, JsonElement headers, Answer answer)
    {
        foreach (JsonProperty header in headers.EnumerateObject())
        {
            JsonElement described = _schema.Resolve(header.Value);
            if (answer[header.Name] is { } value)
                Assert.True(_schema.AllowsText(described.GetProperty("schema"), value), $"{what} with {header.Name}: {value}");
            else
                Assert.False(described.TryGetProperty("required", out JsonElement required) && required.GetBoolean(),
                    $"{what} without {header.Name}");
        }
    }

    private void CheckBody(string what, JsonElement response, Answer answer)
    {
        string type = (answer["Content-Type"] ?? "none").Split(';')[0];
        Assert.True(response.TryGetProperty("content", out JsonElement content),
            $"{what} with a body, which the document does not tell of");
        Assert.True(content.TryGetProperty(type, out JsonElement described), $"{what} as {type}");
        JsonElement schema = described.GetProperty("schema");
        if (type.EndsWith("json", StringComparison.Ordinal))
            Assert.Empty(_schema.Violations(schema, answer.Json, what));
        else
            Assert.True(_schema.AllowsText(schema, answer.Text), $"{what} as {type}: {answer.Text}");
    }

    private JsonElement? Find(string path)
    {
        string[] parts = path.Split('/');
        foreach (JsonProperty item in _root.GetProperty("paths").EnumerateObject())
        {
            string[] template = item.Name.Split('/');
            if (template.Length == parts.Length && template.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second))
                return item.Value;
        }

        return null;
    }

    private static OpenApiDocument Load()
    {
        using Stream document = typeof(TByte.Functions.LocalHost.Hosting.FunctionApps).Assembly.GetManifestResourceStream("openapi.json")!;
        return new OpenApiDocument(JsonDocument.Parse(document).RootElement);
    }
}
