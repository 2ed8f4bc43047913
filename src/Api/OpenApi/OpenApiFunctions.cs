using System.IO;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.OpenApi;

/// <summary>The description of the API. Written by hand: what is promised is decided, not derived.</summary>
public sealed class OpenApiFunctions
{
    internal static readonly Representation Document = Read();

    /// <summary>The OpenAPI document.</summary>
    [Function("GetOpenApi")]
    public IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        new RepresentationResult(answer: null, Document, CacheControl.PublicRevalidate);

    private static Representation Read()
    {
        using Stream resource = typeof(OpenApiFunctions).Assembly.GetManifestResourceStream("openapi.json")!;
        byte[] document = new byte[resource.Length];
        resource.ReadExactly(document);
        return new Representation(document, version: 0);
    }
}
