using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Testing.Telemetry;

/// <summary>Takes what is exported by OTLP over HTTP, on 127.0.0.1, and keeps it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentQueue<ReceivedLog> _logs = new();
    private readonly ConcurrentQueue<ReceivedMetric> _metrics = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _resources = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    public IReadOnlyList<ReceivedLog> Logs => [.. _logs];

    public IReadOnlyList<ReceivedMetric> Metrics => [.. _metrics];

    /// <summary>Who has sent, once for each request.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources => [.. _resources];

    /// <summary>What an app is told so that it sends here, and soon.</summary>
    public IReadOnlyList<(string Key, object Value)> Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Address),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "250"),
    ];

    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        OtlpReceiver receiver = new(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync(cancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        WireMessage request = new(body.ToArray());
        switch (http.Request.Path.Value)
        {
            case "/v1/traces":
                Keep(_spans, OtlpMessages.Spans(request));
                break;
            case "/v1/logs":
                Keep(_logs, OtlpMessages.Logs(request));
                break;
            case "/v1/metrics":
                Keep(_metrics, OtlpMessages.Metrics(request));
                break;
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }

        _resources.Enqueue(OtlpMessages.Resource(request));
        http.Response.ContentType = "application/x-protobuf";
    }

    private static void Keep<T>(ConcurrentQueue<T> kept, IEnumerable<T> received)
    {
        foreach (T one in received)
            kept.Enqueue(one);
    }
}
