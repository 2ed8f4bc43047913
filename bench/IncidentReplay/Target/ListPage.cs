using System.Text.Json;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What is needed of a page of products or orders.</summary>
internal sealed record ListPage(IReadOnlyList<long> Ids, string? Next)
{
    private const int LongestCursor = 1_000;

    /// <exception cref="TargetException">It is not one.</exception>
    public static ListPage Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement page = document.RootElement;
            string? next = page.GetProperty("next").GetString();
            if (next is { Length: 0 or > LongestCursor })
                throw Strange();
            return new ListPage([.. page.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetInt64())], next);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Strange();
        }
    }

    private static TargetException Strange() =>
        new("The target cannot be measured: what it answers is no page of products or orders. Is it the shop's API?");
}
