using System.Globalization;
using System.Text.Json;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>The OpenAPI document as a checker of answers.</summary>
public sealed class OpenApiDocument
{
    // HTTP's own, and what the description of the document says once for all.
    private static readonly string[] OfEveryAnswer =
    [
        "Date", "Content-Type", "Content-Length", "RateLimit-Policy", "RateLimit", "Server-Timing", "Preference-Applied",
    ];

    private readonly JsonElement _root;
    private readonly DocumentSchemas _schemas;
    private readonly IReadOnlyList<Operation> _operations;

    private OpenApiDocument(JsonElement root)
    {
        _root = root;
        _schemas = new DocumentSchemas(root);
        _operations = [.. OperationsOf(root)];
    }

    /// <summary>The document that the assembly holds.</summary>
    public static OpenApiDocument Checked { get; } = Load();

    public JsonElement Root => _root;

    /// <summary>Every operation.</summary>
    public IReadOnlyList<Operation> Operations() => _operations;

    /// <summary>The element, or the one that its <c>$ref</c> names.</summary>
    public JsonElement Resolve(JsonElement element) => _schemas.Resolve(element);

    public IEnumerable<string> Violations(JsonElement schema, JsonElement value, string at) => _schemas.Violations(schema, value, at);

    public IEnumerable<string> Violations(string schema, JsonElement value) =>
        _schemas.Violations(_root.GetProperty("components").GetProperty("schemas").GetProperty(schema), value, schema);

    /// <param name="Method">In capitals.</param>
    /// <param name="Path">With its parameters in braces.</param>
    /// <param name="Description">The operation as it is described.</param>
    public sealed record Operation(string Method, string Path, JsonElement Description)
    {
        public string Id => Description.GetProperty("operationId").GetString()!;

        public IEnumerable<int> Statuses() =>
            Description.GetProperty("responses").EnumerateObject().Select(response => int.Parse(response.Name, CultureInfo.InvariantCulture));

        public override string ToString() => $"{Method} {Path}";
    }

    /// <summary>Fails when an answer has a status, a header or a body that the document does not tell of.</summary>
    public void Check(string method, string path, Answer answer)
    {
        if (OperationOf(method, path) is not { Description: var operation })
            return;

        string what = $"{method} {path} answered {(int)answer.Status}";
        JsonElement responses = operation.GetProperty("responses");
        Assert.True(responses.TryGetProperty($"{(int)answer.Status}", out JsonElement response),
            $"{what}, which the document does not list");
        response = _schemas.Resolve(response);
        JsonElement headers = response.TryGetProperty("headers", out JsonElement described) ? described : JsonDocument.Parse("{}").RootElement;
        CheckHeaders(what, headers, answer);
        CheckHeadersOfEveryAnswer(what, answer);
        Assert.All(answer.Headers.Except(OfEveryAnswer, StringComparer.OrdinalIgnoreCase), sent =>
            Assert.True(headers.TryGetProperty(sent, out _), $"{what} with {sent}, which the document does not tell of"));
        if (answer.Body.Length > 0)
            CheckBody(what, response, answer);
        else
            Assert.True(method == "HEAD" || !response.TryGetProperty("content", out _), $"{what} without a body");
    }

    private void CheckHeadersOfEveryAnswer(string what, Answer answer)
    {
        foreach (JsonProperty header in _root.GetProperty("components").GetProperty("headers").EnumerateObject())
        {
            if (OfEveryAnswer.Contains(header.Name) && answer[header.Name] is { } value)
                Assert.True(_schemas.AllowsText(header.Value.GetProperty("schema"), value), $"{what} with {header.Name}: {value}");
        }
    }

    private void CheckHeaders(string what, JsonElement headers, Answer answer)
    {
        foreach (JsonProperty header in headers.EnumerateObject())
        {
            JsonElement described = _schemas.Resolve(header.Value);
            if (answer[header.Name] is { } value)
                Assert.True(_schemas.AllowsText(described.GetProperty("schema"), value), $"{what} with {header.Name}: {value}");
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
            Assert.Empty(_schemas.Violations(schema, answer.Json, what));
        else
            Assert.True(_schemas.AllowsText(schema, answer.Text), $"{what} as {type}: {answer.Text}");
    }

    /// <summary>The operation that a request of this method and path asks for; null for none.</summary>
    public Operation? OperationOf(string method, string path)
    {
        string[] parts = path.Split('/');
        return Operations().FirstOrDefault(operation => operation.Method == method && operation.Path.Split('/') is var template
            && template.Length == parts.Length && template.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second));
    }

    private static IEnumerable<Operation> OperationsOf(JsonElement root) =>
        from path in root.GetProperty("paths").EnumerateObject()
        from member in path.Value.EnumerateObject()
        where member.Name is not "parameters"
        select new Operation(member.Name.ToUpperInvariant(), path.Name, member.Value);

    private static OpenApiDocument Load()
    {
        using Stream document = typeof(TByte.Functions.LocalHost.Hosting.FunctionApps).Assembly.GetManifestResourceStream("openapi.json")!;
        return new OpenApiDocument(JsonDocument.Parse(document).RootElement);
    }
}
