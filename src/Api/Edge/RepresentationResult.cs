using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge.Timing;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>Who may keep an answer, and for how long.</summary>
internal static class CacheControl
{
    /// <summary>Anyone may keep it but must ask each time; asking costs a 304.</summary>
    public const string PublicRevalidate = "public, no-cache";

    /// <summary>Only the caller may keep it, and must ask each time.</summary>
    public const string PrivateRevalidate = "private, no-cache";

    /// <summary>Nobody keeps it.</summary>
    public const string NoStore = "no-store";
}

/// <summary>Hands out bytes as they lie in the cache, or 304 when the client has them.</summary>
internal sealed class RepresentationResult(
    CacheAnswer? answer, Representation representation, string cacheControl, string contentType = "application/json") : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        IHeaderDictionary headers = response.Headers;
        headers.ETag = representation.ETag;
        headers.CacheControl = cacheControl;
        if (answer is { } cached)
        {
            headers["Cache-Status"] = CacheStatus.Of(cached);
            if (cached.Outcome != CacheOutcome.Miss)
                headers.Age = ((long)cached.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            ServerTiming.Of(httpContext)?.Read(cached);
        }

        if (cacheControl == CacheControl.PrivateRevalidate)
            headers.Vary = "Authorization";

        if (EntityTags.AnyMatches(httpContext.Request.Headers.IfNoneMatch, representation.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        ReadOnlyMemory<byte> body = representation.Body;
        headers.ContentType = contentType;
        headers.ContentLength = body.Length;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return Task.CompletedTask;

        // No token: a client that leaves is noticed by the server, and a token would cost each answer a registration.
        ValueTask<System.IO.Pipelines.FlushResult> write = response.BodyWriter.WriteAsync(body, default);
        return write.IsCompletedSuccessfully ? Completed(write) : write.AsTask();
    }

    private static Task Completed(ValueTask<System.IO.Pipelines.FlushResult> write)
    {
        _ = write.Result;
        return Task.CompletedTask;
    }
}
