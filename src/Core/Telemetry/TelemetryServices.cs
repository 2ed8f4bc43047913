using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Resources;
using TByte.Functions.Identity;

namespace TByte.Functions.Telemetry;

/// <summary>Registers the export of metrics and spans.</summary>
public static class TelemetryServices
{
    /// <summary>Where telemetry goes: the setting that Application Insights is known by everywhere. Empty: nowhere.</summary>
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    private static readonly string[] Sources = ["TByte.Functions.*", "Npgsql"];

    /// <summary>
    /// Exports metrics and spans to Application Insights, with the app's identity where there is one. Without the setting nobody listens, and
    /// calls cost what they cost without telemetry. Logs are the host's.
    /// </summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[ConnectionSetting] is not { Length: > 0 } connection)
            return services;

        services.AddAppIdentity().AddOptions<AzureMonitorExporterOptions>().Configure<AppIdentity>((options, identity) =>
        {
            options.ConnectionString = connection;
            options.Credential = identity.Credential;
            // All of them: the exporter's own choice is five traces a second.
            options.SamplingRatio = 1;
            options.TracesPerSecond = null;
        });
        // What Azure calls the app, so that the three can be told apart.
        string name = configuration["WEBSITE_SITE_NAME"] is { Length: > 0 } site ? site : "tbyte-functions";
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name))
            .WithMetrics(static metrics => metrics.AddMeter(Sources).AddAzureMonitorMetricExporter())
            .WithTracing(static spans => spans.AddSource(Sources).AddAzureMonitorTraceExporter());
        return services;
    }
}
