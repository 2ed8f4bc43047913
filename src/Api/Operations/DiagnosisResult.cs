using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;
using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Api.Operations;

/// <summary>A report as it was kept. It holds text of others, so a browser is told to run and to load nothing of it.</summary>
internal sealed class DiagnosisResult(byte[] report, ReportFormat format) : IResult
{
    private const string ContentSecurityPolicy = ReportHtml.ContentSecurityPolicy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = format == ReportFormat.Html ? "text/html; charset=utf-8" : "application/json";
        response.ContentLength = report.Length;
        response.Headers.CacheControl = CacheControl.NoStore;
        response.Headers.Vary = "Accept";
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return HttpMethods.IsHead(httpContext.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(report, httpContext.RequestAborted).AsTask();
    }
}
