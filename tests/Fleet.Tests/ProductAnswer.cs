using System.Text.Json;

namespace TByte.Functions.Fleet.Tests;

/// <summary>What a request for a product was answered with.</summary>
internal sealed record ProductAnswer(int Status, long? Version, string CacheStatus, string? ContentType, TimeSpan? RetryAfter, TimeSpan? Age)
{
    public bool IsStale => CacheStatus.Contains("detail=stale", StringComparison.Ordinal);

    public static async Task<ProductAnswer> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using JsonDocument? json = body.Length == 0 ? null : JsonDocument.Parse(body);
        return new ProductAnswer(
            (int)response.StatusCode,
            response.IsSuccessStatusCode ? json?.RootElement.GetProperty("version").GetInt64() : null,
            response.Headers.TryGetValues("Cache-Status", out IEnumerable<string>? status) ? string.Join(", ", status) : "",
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.RetryAfter?.Delta,
            response.Headers.Age);
    }
}
