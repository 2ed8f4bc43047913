using System;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Reports;

namespace TByte.Functions.Api.Reports;

/// <summary>Reports over HTTP, for those who may read them.</summary>
public sealed class ReportFunctions(SalesReports reports)
{
    /// <summary>Sales by category. HEAD says whether it can be asked for like this, and asks the database nothing.</summary>
    [Function("GetCategorySales")]
    public async Task<IResult> GetCategorySalesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/reports/category-sales")] HttpRequest request)
    {
        if (await Caller.OfAsync(request) is not { } caller)
            return Problem.Unauthorized();
        if (!caller.HasRole(Roles.ReadReports))
            return Problem.Forbidden(Roles.ReadReports);

        RequestInput input = new(request);
        if (!input.TryReadDay("from", out DateOnly from, out IResult? problem) || !input.TryReadDay("to", out DateOnly to, out problem))
            return problem;
        if (from >= to)
            return Problem.BadRequest("to must be a day after from; it is not a part of the report itself.");
        if (to.DayNumber - from.DayNumber > SalesReports.MostDays)
            return Problem.BadRequest($"to may be {SalesReports.MostDays} days after from at most.");

        return HttpMethods.IsHead(request.Method)
            ? new UnreadDocumentResult()
            : DerivedResult.Of(
                await reports.CategorySalesAsync(from, to, request.HttpContext.RequestAborted), ReportJson.Default.CategorySalesReport);
    }

    /// <summary>The headers of a document that was not worked out; its length is therefore not among them (RFC 9110, section 9.3.2).</summary>
    private sealed class UnreadDocumentResult : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            httpContext.Response.Headers.CacheControl = CacheControl.PrivateRevalidate;
            httpContext.Response.Headers.Vary = "Authorization";
            return Task.CompletedTask;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CategorySalesReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
