using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Health;

namespace TByte.Functions.Api.Health;

/// <summary>Whether this instance lives, and what it can do.</summary>
public sealed class HealthFunctions(Readiness readiness)
{
    /// <summary>Asks nothing and nobody: a process that answers this must not be restarted because something else is down.</summary>
    [Function("Live")]
    public IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        new DocumentResult<LiveDocument>(new LiveDocument("live"), HealthJson.Default.LiveDocument);

    /// <summary>503 only when neither the database nor Redis can be reached; otherwise what is degraded.</summary>
    [Function("Ready")]
    public async Task<IResult> ReadyAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request)
    {
        Reachability reachable = await readiness.CheckAsync(request.HttpContext.RequestAborted);
        string status = reachable switch
        {
            { Postgres: true, Redis: true } => "ready",
            { Postgres: false, Redis: false } => "unavailable",
            _ => "degraded",
        };
        return new DocumentResult<ReadyDocument>(
            new ReadyDocument(status, Name(reachable.Postgres), Name(reachable.Redis)),
            HealthJson.Default.ReadyDocument,
            status == "unavailable" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Name(bool reachable) => reachable ? "reachable" : "unreachable";
}

internal sealed record LiveDocument(string Status);

internal sealed record ReadyDocument(string Status, string Postgres, string Redis);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveDocument))]
[JsonSerializable(typeof(ReadyDocument))]
internal sealed partial class HealthJson : JsonSerializerContext;
