using System.Text.Json;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Reads what EXPLAIN (VERBOSE, FORMAT JSON) answers.</summary>
internal static class PlanReader
{
    private static readonly string[] ConditionNames = ["Index Cond", "Recheck Cond", "Filter", "Join Filter", "Hash Cond", "Merge Cond"];

    /// <exception cref="JsonException">That is no plan.</exception>
    public static PlanNode Read(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        if (document.RootElement is { ValueKind: JsonValueKind.Array } statements && statements.GetArrayLength() > 0
            && statements[0].TryGetProperty("Plan", out JsonElement plan))
            return Node(plan);
        throw new JsonException("There is no plan.");
    }

    private static PlanNode Node(JsonElement node) => new(
        Type(node),
        Text(node, "Schema"),
        Text(node, "Relation Name"),
        Text(node, "Alias"),
        Text(node, "Index Name"),
        Text(node, "Scan Direction") == "Backward",
        Text(node, "Join Type"),
        Text(node, "Parent Relationship"),
        Text(node, "Operation"),
        Number(node, "Total Cost"),
        Number(node, "Plan Rows"),
        [.. ConditionNames.Select(name => Text(node, name)).OfType<string>()],
        Texts(node, "Sort Key"),
        Texts(node, "Output"),
        node.TryGetProperty("Plans", out JsonElement children) ? [.. children.EnumerateArray().Select(Node)] : []);

    // As the text format calls it.
    private static string Type(JsonElement node) => (Text(node, "Node Type"), Text(node, "Strategy")) switch
    {
        ("Aggregate", "Sorted") => "GroupAggregate",
        ("Aggregate", "Hashed" or "Mixed") => "HashAggregate",
        var (type, _) => type ?? "",
    };

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Number(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement value) && value.TryGetDouble(out double number) ? number : 0;

    private static IReadOnlyList<string> Texts(JsonElement node, string name) =>
        node.TryGetProperty(name, out JsonElement values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => value.GetString() ?? "")]
            : [];
}
