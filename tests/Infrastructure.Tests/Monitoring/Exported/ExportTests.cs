using System.Text.Json;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TByte.Functions.Caching;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Exported;

/// <summary>
/// The queries count with what the exporter makes of metrics and spans. In Log Analytics <c>value</c> is Sum and <c>count</c> is ItemCount;
/// <c>type</c> is DependencyType.
/// </summary>
public sealed class ExportTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_histogram_is_sent_as_sum_count_smallest_and_largest_with_its_tags()
    {
        JsonElement sent = Sent(CacheMetrics.MeterName, static services =>
        {
            CacheMetrics metrics = ActivatorUtilities.CreateInstance<CacheMetrics>(services);
            CachePolicy policy = new("product", TimeSpan.FromHours(1), IsVersioned: true);
            metrics.Read(policy, CacheOutcome.Miss, TimeSpan.FromMilliseconds(250));
            metrics.Read(policy, CacheOutcome.Miss, TimeSpan.FromMilliseconds(750));
        });
        JsonElement point = sent.GetProperty("metrics").EnumerateArray().Single();

        Assert.Equal("tbyte.cache.read.duration", point.GetProperty("name").GetString());
        Assert.Equal(1, point.GetProperty("value").GetDouble());
        Assert.Equal(2, point.GetProperty("count").GetInt32());
        Assert.Equal(0.25, point.GetProperty("min").GetDouble());
        Assert.Equal(0.75, point.GetProperty("max").GetDouble());
        Assert.Equal("miss", sent.GetProperty("properties").GetProperty("cache.outcome").GetString());
    }

    [Fact]
    public void A_gauge_is_sent_as_its_value_and_counts_as_one()
    {
        JsonElement sent = Sent(DiagnosisMetrics.MeterName, static services => ActivatorUtilities.CreateInstance<DiagnosisMetrics>(services).Found("high", 3));
        JsonElement point = sent.GetProperty("metrics").EnumerateArray().Single();

        Assert.Equal(3, point.GetProperty("value").GetDouble());
        Assert.False(point.TryGetProperty("count", out JsonElement count) && count.ValueKind != JsonValueKind.Null && count.GetInt32() != 1);
        Assert.Equal("high", sent.GetProperty("properties").GetProperty("diagnosis.severity").GetString());
    }

    [Fact]
    public async Task A_query_is_sent_as_a_call_of_its_server_with_its_statement()
    {
        NpgsqlConnectionStringBuilder server = new(await postgres.CreateDatabaseAsync());
        using IngestionEndpoint endpoint = new();
        ServiceCollection services = new();
        services.AddOpenTelemetry().WithTracing(traces => traces.AddSource("Npgsql").AddAzureMonitorTraceExporter(options =>
        {
            endpoint.Receive(options);
            options.TracesPerSecond = null;
            options.SamplingRatio = 1;
        }));
        await using ServiceProvider provider = services.BuildServiceProvider();
        TracerProvider sender = provider.GetRequiredService<TracerProvider>();
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(server))
        await using (NpgsqlCommand command = source.CreateCommand("select 'a statement to be found'"))
            await command.ExecuteScalarAsync(Token);
        Assert.True(sender.ForceFlush(30_000));

        JsonElement sent = endpoint.Received("RemoteDependencyData")
            .Single(static call => call.TryGetProperty("data", out JsonElement data) && data.GetString() == "select 'a statement to be found'");
        Assert.Equal("postgresql", sent.GetProperty("type").GetString());
        Assert.StartsWith($"{server.Host}:{server.Port}", sent.GetProperty("target").GetString(), StringComparison.Ordinal);
        Assert.True(sent.GetProperty("success").GetBoolean());
    }

    /// <summary>What is sent of one instrument with one set of tags.</summary>
    private static JsonElement Sent(string meter, Action<IServiceProvider> record)
    {
        using IngestionEndpoint endpoint = new();
        ServiceCollection services = new();
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(meter).AddAzureMonitorMetricExporter(endpoint.Receive));
        using ServiceProvider provider = services.BuildServiceProvider();
        MeterProvider sender = provider.GetRequiredService<MeterProvider>();
        record(provider);
        Assert.True(sender.ForceFlush(30_000));
        return endpoint.Received("MetricData").Single(static item => item.GetProperty("metrics")[0].GetProperty("name").GetString() != "_OTELRESOURCE_");
    }
}
