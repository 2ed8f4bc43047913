using System.Reflection;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace TByte.Functions.Telemetry;

/// <summary>Who sends: the attributes that all telemetry of a process has.</summary>
internal static class AppResource
{
    private static readonly string? Version =
        typeof(AppResource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>
    /// Adds the app's name as Azure knows it, so that the three can be told apart, its version and its instance. What
    /// <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c> say wins.
    /// </summary>
    public static ResourceBuilder AddApp(this ResourceBuilder resource, string app, IConfiguration configuration)
    {
        string name = configuration["WEBSITE_SITE_NAME"] is { Length: > 0 } site ? site : $"tbyte-{app}";
        string? instance = configuration["WEBSITE_INSTANCE_ID"] is { Length: > 0 } machine ? machine : null;
        return resource
            .AddService(name, serviceVersion: Version, autoGenerateServiceInstanceId: instance is null, serviceInstanceId: instance)
            .AddEnvironmentVariableDetector();
    }
}
