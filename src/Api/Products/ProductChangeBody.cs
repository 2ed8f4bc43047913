using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TByte.Functions.Api.Edge;
using TByte.Functions.Products;

namespace TByte.Functions.Api.Products;

/// <summary>Reads <c>{"name": …, "price": …}</c>, strictly: what is unknown, doubled or missing is an error, not ignored.</summary>
internal static class ProductChangeBody
{
    private const int MostBytes = 16 * 1024;
    private const int MostNameLength = 200;

    public static async Task<(ProductChange? Change, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        if (!IsJsonInUtf8(request))
            return (null, Problem.UnsupportedMediaType());
        if (await ReadBodyAsync(request) is not { } body)
            return (null, Problem.TooLarge(MostBytes));

        try
        {
            ProductChangeDocument? document = JsonSerializer.Deserialize(body.Span, ProductChangeJson.Default.ProductChangeDocument);
            return document is null
                ? (null, Problem.BadRequest("The body must be an object with name and price."))
                : Check(document);
        }
        catch (JsonException malformed)
        {
            string where = malformed.Path is { Length: > 1 } path ? $" at {path}" : "";
            return (null, Problem.BadRequest($"The body is not an object with a name (string) and a price (number){where}."));
        }
    }

    private static (ProductChange? Change, IResult? Problem) Check(ProductChangeDocument document)
    {
        string name = document.Name.Trim();
        if (name.Length is 0 or > MostNameLength || name.Any(char.IsControl))
            return (null, Problem.BadRequest($"name must have 1 to {MostNameLength} characters and no control characters."));
        if (!RequestInput.IsMoney(document.Price))
            return (null, Problem.BadRequest("price must be from 0 to 9999999999.99 with at most two decimals."));
        return (new ProductChange(name, document.Price), null);
    }

    private static bool IsJsonInUtf8(HttpRequest request) =>
        request.HasJsonContentType()
        && MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding.Count == 0;

    /// <summary>The whole body; null when it is too large, of which no more is read than shows it.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request)
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

internal sealed record ProductChangeDocument
{
    public required string Name { get; init; }

    public required decimal Price { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ProductChangeDocument))]
internal sealed partial class ProductChangeJson : JsonSerializerContext;
