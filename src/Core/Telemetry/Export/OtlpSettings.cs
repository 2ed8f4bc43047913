using Microsoft.Extensions.Configuration;

namespace TByte.Functions.Telemetry;

/// <summary>
/// The settings of OTLP, which OpenTelemetry's exporter reads itself, these and the other <c>OTEL_</c> ones. They are looked at before,
/// because it goes on with its defaults where it does not understand one.
/// </summary>
internal static class OtlpSettings
{
    /// <summary>Where to send to; empty: nowhere.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How: <c>grpc</c>, which is the default, or <c>http/protobuf</c>.</summary>
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>Whether something is to be sent.</summary>
    /// <exception cref="InvalidOperationException">But it is not understood where to, or how.</exception>
    public static bool IsWanted(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } endpoint)
            return false;

        // Not repeated: it may hold a password.
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new InvalidOperationException($"{Endpoint} is not an absolute http or https address, such as http://127.0.0.1:4317.");
        if (configuration[Protocol] is { Length: > 0 } protocol && protocol is not ("grpc" or "http/protobuf"))
            throw new InvalidOperationException($"{Protocol} is '{protocol}'; it must be 'grpc' or 'http/protobuf'.");
        return true;
    }
}
