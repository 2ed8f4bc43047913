using System.Net;
using System.Text;
using System.Text.Json;

namespace TByte.Functions.Api.Tests;

/// <summary>What came back: status, headers as they were sent, and the body.</summary>
public sealed class Answer
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public required HttpStatusCode Status { get; init; }

    public required byte[] Body { get; init; }

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? ETag => this["ETag"];

    /// <summary>A header; null when it was not sent.</summary>
    public string? this[string header] => _headers.GetValueOrDefault(header);

    /// <summary>The names of all headers.</summary>
    public IEnumerable<string> Headers => _headers.Keys;

    /// <summary>All headers but those that differ with every answer.</summary>
    public IEnumerable<(string Name, string Value)> ComparableHeaders =>
        _headers.Where(header => header.Key is not ("Date" or "RateLimit" or "X-Correlation-Id")).Select(header => (header.Key, header.Value)).Order();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Answer answer = new() { Status = response.StatusCode, Body = await response.Content.ReadAsByteArrayAsync(cancellationToken) };
        foreach ((string name, IEnumerable<string> values) in response.Headers.NonValidated.Select(Pair).Concat(
            response.Content.Headers.NonValidated.Select(Pair)))
            answer._headers[name] = string.Join(", ", values);
        return answer;

        static (string, IEnumerable<string>) Pair(KeyValuePair<string, System.Net.Http.Headers.HeaderStringValues> header) =>
            (header.Key, header.Value);
    }

    public Answer Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"Expected {status}, got {Status}: {Text}");
        return this;
    }

    /// <summary>A problem document with this type and a status equal to the answer's.</summary>
    public Answer IsProblem(HttpStatusCode status, string type)
    {
        Is(status);
        Assert.Equal("application/problem+json", this["Content-Type"]);
        Assert.Equal("no-store", this["Cache-Control"]);
        Assert.Equal(["type", "title", "status", "detail", "correlationId"], Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal($"urn:tbyte:problem:{type}", Json.GetProperty("type").GetString());
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.Equal(this["X-Correlation-Id"], Json.GetProperty("correlationId").GetString());
        return this;
    }

    /// <summary>A problem of this kind whose detail names what is wrong.</summary>
    public Answer IsBadRequest(string named)
    {
        IsProblem(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(named, Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return this;
    }

    public IEnumerable<string> Fields() => Json.EnumerateObject().Select(property => property.Name);
}
