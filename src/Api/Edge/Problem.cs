using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TByte.Functions.Api.Edge.Correlation;

namespace TByte.Functions.Api.Edge;

/// <summary>The answers that are errors: RFC 9457 problem documents with stable types.</summary>
internal static class Problem
{
    private const string Ours = "urn:tbyte:problem:";

    // Of draft-ietf-httpapi-ratelimit-headers, revision 10.
    private const string QuotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

    public static IResult BadRequest(string detail) => new ProblemResult(
        StatusCodes.Status400BadRequest, Ours + "invalid-request", "The request is not valid", detail);

    public static IResult NotFound(string detail) => new ProblemResult(StatusCodes.Status404NotFound, Ours + "not-found", "Not found", detail);

    public static IResult PreconditionFailed() => new ProblemResult(
        StatusCodes.Status412PreconditionFailed, Ours + "precondition-failed", "The precondition does not hold",
        "It was changed since; read it again and repeat the write.");

    public static IResult TooLarge(long most) => new ProblemResult(
        StatusCodes.Status413PayloadTooLarge, Ours + "body-too-large", "The body is too large", $"A body may have {most} bytes at most.");

    public static IResult UnsupportedMediaType() => new ProblemResult(
        StatusCodes.Status415UnsupportedMediaType, Ours + "unsupported-media-type", "The media type is not supported",
        "The body must be application/json in UTF-8.");

    public static IResult Forbidden(string role) => new ForbiddenResult(role);

    public static IResult Unauthorized() => new ChallengeResult();

    public static IResult Unavailable(string detail, TimeSpan retryAfter) => new ProblemResult(
        StatusCodes.Status503ServiceUnavailable, Ours + "unavailable", "Not available at the moment", detail, retryAfter);

    public static IResult Busy(string detail, TimeSpan retryAfter) => new ProblemResult(
        StatusCodes.Status503ServiceUnavailable, Ours + "busy", "Too much to do at the moment", detail, retryAfter);

    /// <param name="policies">Those that have no permit left.</param>
    /// <param name="retryAfter">When all of them have one again.</param>
    public static IResult TooManyRequests(IReadOnlyList<string> policies, TimeSpan retryAfter) => new ProblemResult(
        StatusCodes.Status429TooManyRequests, QuotaExceeded, "Too many requests",
        $"The limit of the policy {string.Join(" and of the policy ", policies)} is reached; RateLimit-Policy says what it is.", retryAfter, policies);

    public static IResult Internal() => new ProblemResult(
        StatusCodes.Status500InternalServerError, Ours + "internal-error", "Internal error", "This is our fault and has been recorded.");

    private sealed class ProblemResult(
        int status, string type, string title, string detail, TimeSpan? retryAfter = null, IReadOnlyList<string>? violatedPolicies = null) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (retryAfter is { } wait)
            {
                httpContext.Response.Headers.RetryAfter =
                    Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            ProblemDocument document = new(type, title, status, detail, CorrelationId.Of(httpContext), violatedPolicies);
            return new DocumentResult<ProblemDocument>(document, ProblemJson.Default.ProblemDocument, status, "application/problem+json")
                .ExecuteAsync(httpContext);
        }
    }

    /// <summary>Says in the header of RFC 6750, too, that the token is valid but does not allow this.</summary>
    private sealed class ForbiddenResult(string role) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
            return new ProblemResult(StatusCodes.Status403Forbidden, Ours + "forbidden", "Not allowed", $"This needs the role {role}.")
                .ExecuteAsync(httpContext);
        }
    }

    /// <summary>Lets the bearer handler say what was wrong with the token, in its own header, and adds the document.</summary>
    private sealed class ChallengeResult : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            // Results are executed when the middleware's scope has ended, and the handler logs.
            ILogger logger = httpContext.RequestServices.GetRequiredService<ILogger<ChallengeResult>>();
            using (CorrelationId.BeginScope(logger, CorrelationId.Of(httpContext) ?? ""))
                await httpContext.ChallengeAsync();
            await new ProblemResult(StatusCodes.Status401Unauthorized, Ours + "unauthorized", "Who are you?", "This needs a valid bearer token.")
                .ExecuteAsync(httpContext);
        }
    }
}

internal sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string? CorrelationId,
    [property: JsonPropertyName("violated-policies")] IReadOnlyList<string>? ViolatedPolicies);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext;
