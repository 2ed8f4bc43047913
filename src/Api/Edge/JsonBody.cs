using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace TByte.Functions.Api.Edge;

/// <summary>Reads a small JSON document out of a request; how strictly is said by its serializer context.</summary>
internal static class JsonBody
{
    private const int MostBytes = 16 * 1024;

    /// <param name="request">Whose body it is.</param>
    /// <param name="json">What is read.</param>
    /// <param name="expected">What the body must be, for the problem: "an object with …".</param>
    public static async Task<(T? Document, IResult? Problem)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> json, string expected)
        where T : class
    {
        if (!IsJsonInUtf8(request))
            return (null, Problem.UnsupportedMediaType());
        if (await ReadBytesAsync(request) is not { } body)
            return (null, Problem.TooLarge(MostBytes));

        try
        {
            return JsonSerializer.Deserialize(body.Span, json) is { } document
                ? (document, null)
                : (null, Problem.BadRequest($"The body must be {expected}."));
        }
        catch (JsonException malformed)
        {
            string where = malformed.Path is { Length: > 1 } path ? $" at {path}" : "";
            return (null, Problem.BadRequest($"The body is not {expected}{where}."));
        }
    }

    private static bool IsJsonInUtf8(HttpRequest request) =>
        request.HasJsonContentType()
        && MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    /// <summary>The whole body; null when it is too large, of which no more is read than shows it.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBytesAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes)
            return null;

        byte[] buffer = new byte[MostBytes + 1];
        int read = await request.Body.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        // Typed, because a bare null would become an empty memory.
        return read > MostBytes ? default(ReadOnlyMemory<byte>?) : buffer.AsMemory(0, read);
    }
}
