using OpenTelemetry;
using TByte.Functions.LocalHost.Hosting;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>What the worker tells of itself.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Exports the span of each invocation of a function with what the app exports.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        return builder.WithTracing(static spans => spans.AddSource(InvocationSpan.SourceName));
    }
}
