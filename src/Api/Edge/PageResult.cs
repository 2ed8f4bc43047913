using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>A page for a browser, or the same as data: a browser is told what it may do, and to take it for nothing else.</summary>
internal sealed class PageResult(
    Representation page, string contentSecurityPolicy, string cacheControl, string contentType = "text/html; charset=utf-8", string? vary = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        IHeaderDictionary headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = contentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return new RepresentationResult(answer: null, page, cacheControl, contentType, vary).ExecuteAsync(httpContext);
    }
}
