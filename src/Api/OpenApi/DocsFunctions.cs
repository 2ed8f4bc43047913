using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Api.OpenApi.Page;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.OpenApi;

/// <summary>The description of the API for people. Apart from the document, which needs no page to be served.</summary>
public sealed class DocsFunctions
{
    private static readonly Representation Page = new(
        Encoding.UTF8.GetBytes(DocsPage.Write(new ApiDocument(OpenApiFunctions.Document.Body))), version: 0);

    /// <summary>The OpenAPI document as a page to read.</summary>
    [Function("GetDocs")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs")] HttpRequest request) =>
        new PageResult(Page, DocsPage.ContentSecurityPolicy, CacheControl.PublicRevalidate);
}
