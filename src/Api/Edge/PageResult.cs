using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>A page for a browser, or the same as data.</summary>
internal sealed class PageResult(
    Representation page, string contentSecurityPolicy, string cacheControl, string contentType = "text/html; charset=utf-8", string? vary = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        PagePolicy.Write(httpContext.Response.Headers, contentSecurityPolicy);
        return new RepresentationResult(answer: null, page, cacheControl, contentType, vary).ExecuteAsync(httpContext);
    }
}
