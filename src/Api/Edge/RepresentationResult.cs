using System;
using System.Globalization;
using System.IO.Pipelines;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge.Compression;
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

/// <summary>
/// Hands out bytes as they lie in the cache, or 304 when the client has them. What is for anyone is packed for those who want it; what is for one
/// caller is not, because the length of a packed body tells of its contents to who can make that caller ask and add to them.
/// </summary>
/// <param name="answer">What the cache says of it; null for what is not read through it.</param>
/// <param name="representation">The bytes.</param>
/// <param name="cacheControl">Who may keep it.</param>
/// <param name="contentType">What it is.</param>
/// <param name="vary">What else than the coding it depends on.</param>
internal sealed class RepresentationResult(
    CacheAnswer? answer,
    Representation representation,
    string cacheControl,
    string contentType = "application/json",
    string? vary = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        IHeaderDictionary headers = response.Headers;
        headers.CacheControl = cacheControl;
        if (answer is { } cached)
            Tell(httpContext, cached);

        bool isPacked = cacheControl == CacheControl.PublicRevalidate && representation.CanBePacked;
        if ((isPacked ? "Accept-Encoding" : vary) is { } dependsOn)
            headers.Vary = dependsOn;

        if (EntityTags.Match(httpContext.Request.Headers.IfNoneMatch, representation.ETag) is { } known)
        {
            headers.ETag = known;
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = contentType;
        return WriteAsync(httpContext, isPacked ? Pack(httpContext) : null);
    }

    private static void Tell(HttpContext http, in CacheAnswer cached)
    {
        http.Response.Headers["Cache-Status"] = CacheStatus.Of(cached);
        if (cached.Outcome != CacheOutcome.Miss)
            http.Response.Headers.Age = ((long)cached.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        ServerTiming.Of(http)?.Read(cached);
    }

    private CodedBody? Pack(HttpContext http)
    {
        ContentCoding coding = AcceptedCoding.Of(http.Request.Headers.AcceptEncoding);
        CodedBody? packed = representation.In(coding);
        if (packed is not null)
            http.Response.Headers.ContentEncoding = coding.Name();
        return packed;
    }

    private Task WriteAsync(HttpContext http, CodedBody? packed)
    {
        ReadOnlyMemory<byte> body = packed?.Bytes ?? representation.Body;
        http.Response.Headers.ETag = packed?.ETag ?? representation.ETag;
        http.Response.Headers.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return Task.CompletedTask;

        // No token: a client that leaves is noticed by the server, and a token would cost each answer a registration.
        ValueTask<FlushResult> write = http.Response.BodyWriter.WriteAsync(body, default);
        return write.IsCompletedSuccessfully ? Completed(write) : write.AsTask();
    }

    private static Task Completed(ValueTask<FlushResult> write)
    {
        _ = write.Result;
        return Task.CompletedTask;
    }
}
