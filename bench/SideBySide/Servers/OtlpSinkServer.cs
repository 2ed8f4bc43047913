using System.Net;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>Takes what is exported by OTLP over HTTP, and forgets it.</summary>
internal static class OtlpSinkServer
{
    public static WebApplication Create()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        app.Run(static async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "application/x-protobuf";
        });
        return app;
    }

    /// <summary>What an app is told so that it sends there.</summary>
    public static IReadOnlyDictionary<string, string?> SettingsFor(Uri sink) => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };
}
