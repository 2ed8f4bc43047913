using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>What a write has made of something, with the tag for the next write.</summary>
internal sealed class WrittenResult(Representation written) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.Headers.ETag = written.ETag;
        response.Headers.CacheControl = CacheControl.NoStore;
        response.ContentType = "application/json";
        response.ContentLength = written.Body.Length;
        return response.Body.WriteAsync(written.Body, httpContext.RequestAborted).AsTask();
    }
}
