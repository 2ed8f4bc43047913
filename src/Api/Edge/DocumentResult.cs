using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Api.Edge;

/// <summary>A document written for this one answer, which nobody keeps.</summary>
internal sealed class DocumentResult<T>(
    T document, JsonTypeInfo<T> json, int status = StatusCodes.Status200OK, string contentType = "application/json") : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(document, json);
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = CacheControl.NoStore;
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}
