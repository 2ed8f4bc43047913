using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using TByte.Functions.Diagnosis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Maintenance;

/// <summary>The timers that look for what makes the shop slow, composed.</summary>
public static class MaintenanceApp
{
    /// <summary>Adds the app's services.</summary>
    public static FunctionsApplicationBuilder AddMaintenance(this FunctionsApplicationBuilder builder)
    {
        builder.Services
            .AddDiagnosis()
            .AddTelemetry("maintenance", builder.Configuration, static telemetry => telemetry.UseFunctionsWorkerDefaults());
        return builder;
    }
}
