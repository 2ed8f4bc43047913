using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Caching;
using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Api.Operations;

/// <summary>The newest report of the diagnosis, for those who have a function key.</summary>
public sealed class DiagnosisFunctions(ReportStore store)
{
    /// <summary>Where the report is found.</summary>
    internal const string Path = "/api/ops/diagnosis";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>A page, or JSON for those who ask for it by <c>format=json</c> or by <c>Accept</c>.</summary>
    [Function("GetDiagnosis")]
    public async Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "ops/diagnosis")] HttpRequest request)
    {
        if (!TryReadFormat(request, out ReportFormat format, out IResult? problem))
            return problem;

        try
        {
            return await store.ReadLatestAsync(format, request.HttpContext.RequestAborted) is { } report
                ? ResultOf(report, format)
                : Problem.NotFound(store.IsShared
                    ? "There is no report yet."
                    : "Reports are not kept where this app finds them: neither Reports:Connection nor Reports:AccountUrl is set.");
        }
        catch (ReportStoreException failure)
        {
            return Problem.Unavailable($"The report could not be read: {failure.Message}.", RetryAfter);
        }
    }

    // It holds text of others, so a browser is told to run and to load nothing of it.
    private static PageResult ResultOf(byte[] report, ReportFormat format) => new(
        new Representation(report, version: 0),
        ReportHtml.ContentSecurityPolicy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        CacheControl.PrivateRevalidate,
        format == ReportFormat.Html ? "text/html; charset=utf-8" : "application/json",
        vary: "Accept, x-functions-key");

    private static bool TryReadFormat(HttpRequest request, out ReportFormat format, [NotNullWhen(false)] out IResult? problem)
    {
        format = ReportFormat.Html;
        if (!new RequestInput(request).TryReadOne("format", out string? name, out problem))
            return false;

        format = name switch
        {
            "json" => ReportFormat.Json,
            null when AcceptedMedia.Prefers(request, "application/json", "text/html") => ReportFormat.Json,
            _ => ReportFormat.Html,
        };
        problem = name is null or "json" or "html" ? null : Problem.BadRequest("format must be html or json.");
        return problem is null;
    }
}
