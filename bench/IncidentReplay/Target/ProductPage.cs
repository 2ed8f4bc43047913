using System.Text.Json;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What is needed of a page of products.</summary>
internal sealed record ProductPage(IReadOnlyList<long> Ids, string? Next)
{
    private const int LongestCursor = 1_000;

    /// <exception cref="TargetException">It is not one.</exception>
    public static ProductPage Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement page = document.RootElement;
            string? next = page.GetProperty("next").GetString();
            if (next is { Length: 0 or > LongestCursor })
                throw Strange();
            return new ProductPage([.. page.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetInt64())], next);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Strange();
        }
    }

    private static TargetException Strange() =>
        new("The target cannot be measured: GET /api/v1/products does not answer with a page of products. Is it the shop's API?");
}
