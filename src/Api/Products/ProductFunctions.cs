using System.Globalization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Api.Edge.Paging;
using TByte.Functions.Caching;
using TByte.Functions.Paging;
using TByte.Functions.Products;

namespace TByte.Functions.Api.Products;

/// <summary>The catalogue over HTTP.</summary>
public sealed class ProductFunctions(ProductCatalog catalog)
{
    /// <summary>One product.</summary>
    [Function("GetProduct")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/products/{id}")] HttpRequest request)
    {
        if (!new RequestInput(request).TryReadId(out long id, out IResult? problem))
            return problem;

        // The request's token is made when it is asked for: most answers do without one.
        if (!catalog.TryGet(id, out CacheAnswer answer))
            answer = await catalog.GetAsync(id, request.HttpContext.RequestAborted);
        return answer.Representation is { } product
            ? new RepresentationResult(answer, product, CacheControl.PublicRevalidate)
            : Problem.NotFound($"There is no product {id}.");
    }

    /// <summary>A page of the products that can be bought, cheapest first.</summary>
    [Function("GetProducts")]
    public async Task<IResult> GetPageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/products")] HttpRequest request)
    {
        if (!TryReadQuery(new RequestInput(request), out ProductPageQuery query, out IResult? problem))
            return problem!;

        CacheAnswer answer = await catalog.GetPageAsync(query, request.HttpContext.RequestAborted);
        Representation page = answer.Representation!;
        PageLinks.Write(request.HttpContext.Response, ListOf(query), isFirst: query.After is null, page);
        return new RepresentationResult(answer, page, CacheControl.PublicRevalidate);
    }

    /// <summary>Changes a product's name and price.</summary>
    [Function("PutProduct")]
    public async Task<IResult> PutAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "v1/products/{id}")] HttpRequest request)
    {
        if (await Caller.OfAsync(request) is not { } caller)
            return Problem.Unauthorized();
        if (!caller.HasRole(Roles.WriteCatalog))
            return Problem.Forbidden(Roles.WriteCatalog);
        if (!new RequestInput(request).TryReadId(out long id, out IResult? problem))
            return problem;
        if (!EntityTags.TryReadVersions(request.Headers.IfMatch, out long[]? versions))
            return Problem.BadRequest("If-Match must be * or a list of entity tags.");
        // To ignore it could write over what the client wants to be left alone.
        if (request.Headers.IfNoneMatch.Count > 0)
            return Problem.BadRequest("If-None-Match is not a condition for a write here; use If-Match.");

        (ProductChange? change, problem) = await ProductChangeBody.ReadAsync(request);
        if (change is null)
            return problem!;

        ProductUpdate update = await catalog.UpdateAsync(id, change, versions);
        if (update.Written is { } written)
            return new WrittenResult(written);
        return update.Exists ? Problem.PreconditionFailed() : Problem.NotFound($"There is no product {id}.");
    }

    private static string ListOf(ProductPageQuery query)
    {
        string category = query.Category is { } id ? string.Create(CultureInfo.InvariantCulture, $"category={id}&") : "";
        string least = query.MinPrice is { } from ? string.Create(CultureInfo.InvariantCulture, $"minPrice={from}&") : "";
        string most = query.MaxPrice is { } to ? string.Create(CultureInfo.InvariantCulture, $"maxPrice={to}&") : "";
        return string.Create(CultureInfo.InvariantCulture, $"/api/v1/products?{category}{least}{most}limit={query.Limit}");
    }

    private static bool TryReadQuery(RequestInput input, out ProductPageQuery query, out IResult? problem)
    {
        query = new ProductPageQuery();
        if (!input.TryReadOptionalId("category", out long? category, out problem)
            || !input.TryReadMoney("minPrice", out decimal? least, out problem)
            || !input.TryReadMoney("maxPrice", out decimal? most, out problem)
            || !input.TryReadLimit(ProductPageQuery.MostItems, out int limit, out problem)
            || !input.TryReadOne("after", out string? after, out problem))
        {
            return false;
        }

        ProductCursor cursor = default;
        if (after is not null && !Cursor.TryRead(after, out cursor))
        {
            problem = Problem.BadRequest("after must be the next of a page of products.");
            return false;
        }

        query = new ProductPageQuery
        {
            Category = category,
            MinPrice = least,
            MaxPrice = most,
            Limit = limit,
            After = after is null ? null : cursor,
        };
        return true;
    }
}
