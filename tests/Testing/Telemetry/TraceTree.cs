namespace TByte.Functions.Testing.Telemetry;

/// <summary>A trace as people draw it.</summary>
internal static class TraceTree
{
    /// <summary>A line for each span, indented by two blanks beneath the span that it is a part of, in the order in which they began.</summary>
    /// <param name="spans">Of one trace.</param>
    /// <param name="root">The id of the span that the first ones are a part of; empty for none.</param>
    public static IReadOnlyList<string> Lines(IEnumerable<ReceivedSpan> spans, string root)
    {
        ILookup<string, ReceivedSpan> children = spans.OrderBy(static span => span.StartedAt).ToLookup(static span => span.Parent);
        return [.. Beneath(root, "")];

        IEnumerable<string> Beneath(string parent, string indent) => children[parent].SelectMany(span =>
            Beneath(span.Id, indent + "  ").Prepend($"{indent}{(span.Scope == "Npgsql" ? "Npgsql" : span.Name)}"));
    }
}
