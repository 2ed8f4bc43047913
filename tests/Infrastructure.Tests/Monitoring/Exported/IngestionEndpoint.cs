using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Exported;

/// <summary>Stands in for Application Insights: takes all that is sent and keeps it.</summary>
internal sealed class IngestionEndpoint : HttpMessageHandler
{
    private readonly ConcurrentQueue<JsonElement> _items = new();

    /// <summary>Has an exporter send here, and nowhere else.</summary>
    public void Receive(AzureMonitorExporterOptions options)
    {
        options.ConnectionString = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/";
        options.Transport = new HttpClientTransport(new HttpClient(this, disposeHandler: false));
        options.DisableOfflineStorage = true;
        options.EnableLiveMetrics = false;
        // What the exporter tells Microsoft of itself cannot be stopped otherwise.
        Environment.SetEnvironmentVariable("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
    }

    /// <summary>The <c>baseData</c> of what has come, by its type: MetricData, RemoteDependencyData, RequestData.</summary>
    public IReadOnlyList<JsonElement> Received(string type) =>
    [
        .. _items.Select(static item => item.GetProperty("data"))
            .Where(data => data.GetProperty("baseType").GetString() == type)
            .Select(static data => data.GetProperty("baseData")),
    ];

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using Stream sent = request.Content!.ReadAsStream(cancellationToken);
        return Take(request, sent);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await using Stream sent = await request.Content!.ReadAsStreamAsync(cancellationToken);
        return Take(request, sent);
    }

    private HttpResponseMessage Take(HttpRequestMessage request, Stream sent)
    {
        bool isZipped = request.Content!.Headers.ContentEncoding.Contains("gzip");
        using StreamReader reader = new(isZipped ? new GZipStream(sent, CompressionMode.Decompress) : sent);
        int items = 0;
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument item = JsonDocument.Parse(line);
            _items.Enqueue(item.RootElement.Clone());
            items++;
        }
        string answer = $$"""{"itemsReceived": {{items}}, "itemsAccepted": {{items}}, "errors": []}""";
        return new HttpResponseMessage { Content = new StringContent(answer), RequestMessage = request };
    }
}
