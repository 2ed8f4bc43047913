using System.Linq;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;
using TByte.Functions.Products;

namespace TByte.Functions.Api.Products;

/// <summary>Reads <c>{"name": …, "price": …}</c>, strictly: what is unknown, doubled or missing is an error, not ignored.</summary>
internal static class ProductChangeBody
{
    private const int MostNameLength = 200;

    public static async Task<(ProductChange? Change, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        (ProductChangeDocument? document, IResult? problem) = await JsonBody.ReadAsync(
            request, ProductChangeJson.Default.ProductChangeDocument, "an object with a name (string) and a price (number)");
        return document is null ? (null, problem) : Check(document);
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
