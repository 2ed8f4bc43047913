using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using TByte.Functions.Identity;

namespace TByte.Functions.Telemetry;

/// <summary>Registers the export of traces, metrics and logs.</summary>
public static class TelemetryServices
{
    /// <summary>Sends to Application Insights: the setting that it is known by everywhere. Empty: not there.</summary>
    public const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    private static readonly string[] Sources = ["TByte.Functions.*", "Npgsql"];

    // The last is .NET's own: processor time, memory, collections, threads.
    private static readonly string[] Meters = [.. Sources, "System.Runtime"];

    /// <summary>
    /// Exports to Application Insights, with the app's identity where there is one, and by OTLP to where
    /// <see cref="OtlpSettings.Endpoint"/> says; to both or to neither, by which of the settings there are. Without any nobody listens, and
    /// calls cost what they cost without telemetry.
    /// </summary>
    /// <param name="services">Where to add it.</param>
    /// <param name="app">The app's name where Azure has not given it one, in one word.</param>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="addWorker">Adds what the Functions worker tells of itself.</param>
    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, string app, IConfiguration configuration, Action<IOpenTelemetryBuilder> addWorker)
    {
        string? connection = configuration[ConnectionSetting] is { Length: > 0 } given ? given : null;
        bool isOtlp = OtlpSettings.IsWanted(configuration);
        if (connection is null && !isOtlp)
            return services;

        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry();
        addWorker(telemetry);
        telemetry
            .ConfigureResource(resource => resource.AddApp(app, configuration))
            .WithMetrics(static metrics => metrics.AddMeter(Meters))
            .WithTracing(static spans => spans.AddSource(Sources))
            .WithLogging(null, static logs =>
            {
                // What a scope says of a request belongs to each of its lines.
                logs.IncludeScopes = true;
                logs.IncludeFormattedMessage = true;
            });
        if (connection is not null)
            telemetry.UseAzureMonitor(connection);
        if (isOtlp)
            telemetry.UseOtlpExporter();
        return services;
    }

    private static void UseAzureMonitor(this OpenTelemetryBuilder telemetry, string connection)
    {
        telemetry.Services.AddAppIdentity().AddOptions<AzureMonitorExporterOptions>().Configure<AppIdentity>((options, identity) =>
        {
            options.ConnectionString = connection;
            options.Credential = identity.Credential;
            // All of them: the exporter's own choice is five traces a second.
            options.SamplingRatio = 1;
            options.TracesPerSecond = null;
        });
        telemetry
            .WithMetrics(static metrics => metrics.AddAzureMonitorMetricExporter())
            .WithTracing(static spans => spans.AddAzureMonitorTraceExporter())
            .WithLogging(static logs => logs.AddAzureMonitorLogExporter());
    }
}
