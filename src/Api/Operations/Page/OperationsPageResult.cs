using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;

namespace TByte.Functions.Api.Operations.Page;

/// <summary>Sends the page. Its address may hold a key, so nobody keeps it.</summary>
internal sealed class OperationsPageResult : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = OperationsPage.Document.Length;
        response.Headers.CacheControl = CacheControl.NoStore;
        PagePolicy.Write(response.Headers, OperationsPage.ContentSecurityPolicy);
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(OperationsPage.Document, httpContext.RequestAborted).AsTask();
    }
}
