using System;
using System.Linq;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Operations;
using TByte.Functions.Resilience;

namespace TByte.Functions.Api.Operations;

/// <summary>What operators see of an instance, and what they can order; for those who have a function key.</summary>
public sealed class OperationsFunctions(StatusReport report, BreakerControl breakers, ClientAddress client, ReportStore store)
{
    /// <summary>What this instance knows; asks nobody.</summary>
    [Function("GetStatus")]
    public IResult GetStatus([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "ops/status")] HttpRequest request)
    {
        InstanceStatus status = report.Read() with { Diagnosis = store.IsShared ? DiagnosisFunctions.Path : null };
        return new DocumentResult<InstanceStatus>(status, OperationsJson.Default.InstanceStatus);
    }

    /// <summary>Holds a breaker open or closed over the whole fleet, or gives it back to the evidence.</summary>
    [Function("OrderBreaker")]
    public async Task<IResult> OrderBreakerAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "ops/breakers/{name}")] HttpRequest request)
    {
        if (request.RouteValues["name"] is not string name || breakers.Find(name) is null)
            return Problem.NotFound($"There is no such breaker. There are {string.Join(", ", breakers.All.Select(breaker => breaker.Name))}.");

        (BreakerOrder? order, IResult? problem) = await BreakerOrderBody.ReadAsync(request, client);
        if (order is null)
            return problem!;

        return await breakers.GiveAsync(name, order) switch
        {
            BreakerOrderOutcome.Taken => new DocumentResult<BreakerStatus>(breakers.Find(name)!, OperationsJson.Default.BreakerStatus),
            BreakerOrderOutcome.NotTaken => Problem.Unavailable(
                "Redis, which tells the fleet, cannot be reached. Nothing has changed.", BreakerControl.RetryAfter),
            BreakerOrderOutcome.Unknown => Problem.Unavailable(
                "Redis, which tells the fleet, did not answer. The order may have been taken; repeating it does no harm.", BreakerControl.RetryAfter),
            var other => throw new InvalidOperationException($"There is no outcome {other}."),
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(InstanceStatus))]
[JsonSerializable(typeof(BreakerStatus))]
internal sealed partial class OperationsJson : JsonSerializerContext;
