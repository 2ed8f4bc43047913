using System.Linq;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Api.Operations.Page;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Operations;

namespace TByte.Functions.Api.Operations;

/// <summary>The whole fleet at a glance, for those who have a function key.</summary>
public sealed class FleetFunctions(FleetReport report, ReportStore store)
{
    /// <summary>A page that shows what <see cref="GetFleetAsync"/> tells, and gives orders to breakers.</summary>
    [Function("GetOperationsPage")]
    public IResult GetPage([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "ops")] HttpRequest request) => new OperationsPageResult();

    /// <summary>What all instances tell; this one alone while Redis is away.</summary>
    [Function("GetFleet")]
    public async Task<IResult> GetFleetAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "ops/fleet")] HttpRequest request)
    {
        FleetOverview fleet = await report.ReadAsync();
        // All instances have the same settings, and only where reports are kept is left to the Api to tell.
        string? diagnosis = store.IsShared ? DiagnosisFunctions.Path : null;
        FleetMember[] instances = [.. fleet.Instances.Select(member => member with { Status = member.Status with { Diagnosis = diagnosis } })];
        return new DocumentResult<FleetOverview>(fleet with { Instances = instances }, FleetJson.Default.FleetOverview);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FleetOverview))]
internal sealed partial class FleetJson : JsonSerializerContext;
