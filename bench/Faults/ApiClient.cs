using System.Globalization;
using System.Net.Http.Headers;
using TByte.Functions.Testing;

namespace TByte.Functions.Faults;

/// <summary>What an answer says about itself. Status 0: there was none.</summary>
internal readonly record struct ApiAnswer(int Status, long Version, string CacheStatus, bool IsProblem, bool HasRetryAfter)
{
    public bool IsStale => CacheStatus.Contains("stale", StringComparison.Ordinal);

    public bool IsMiss => CacheStatus.Contains("tbyte-l2; fwd=miss", StringComparison.Ordinal);
}

/// <summary>Asks one instance.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly AuthenticationHeaderValue _writer = new("Bearer", TestToken.WithRoles(TestToken.CatalogWrite));

    public ApiClient(Uri address) => _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public Task<ApiAnswer> GetProductAsync(long id, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, PathOf(id)), cancellationToken);

    public Task<ApiAnswer> PutProductAsync(long id, string name, decimal price, CancellationToken cancellationToken) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Put, PathOf(id)) { Headers = { Authorization = _writer }, Content = JsonContent.Create(new { name, price }) },
            cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ApiAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
                return new ApiAnswer(
                    (int)response.StatusCode,
                    VersionOf(response.Headers.ETag),
                    response.Headers.TryGetValues("Cache-Status", out IEnumerable<string>? status) ? string.Join(", ", status) : "",
                    response.Content.Headers.ContentType?.MediaType == "application/problem+json",
                    response.Headers.RetryAfter is not null);
            }
            catch (HttpRequestException)
            {
                return default;
            }
        }
    }

    private static Uri PathOf(long id) => new(string.Create(CultureInfo.InvariantCulture, $"/api/v1/products/{id}"), UriKind.Relative);

    // A tag is "version-hash", quotes included.
    private static long VersionOf(EntityTagHeaderValue? tag) =>
        tag is null ? 0 : long.Parse(tag.Tag.AsSpan(1, tag.Tag.IndexOf('-', StringComparison.Ordinal) - 1), NumberStyles.None, CultureInfo.InvariantCulture);
}
