using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing.Identity;

namespace TByte.Functions.Core.Tests.Telemetry;

public sealed class TelemetryServicesTests
{
    // Nobody listens there.
    private const string Nowhere = "InstrumentationKey=7d1a33bb-7a90-4b0f-9d5e-1e6c3a1f4c11;IngestionEndpoint=http://127.0.0.1:1/";

    private int _workers;

    [Fact]
    public void With_neither_setting_nobody_listens()
    {
        using ServiceProvider services = Services(connection: "");

        Assert.Null(services.GetService<MeterProvider>());
        Assert.Null(services.GetService<TracerProvider>());
        Assert.Null(services.GetService<LoggerProvider>());
        Assert.Empty(services.GetServices<IHostedService>());
    }

    [Theory]
    [InlineData(Nowhere, "")]
    [InlineData("", "http://127.0.0.1:1")]
    [InlineData(Nowhere, "http://127.0.0.1:1")]
    public void With_one_setting_or_both_traces_metrics_and_logs_are_sent(string connection, string endpoint)
    {
        using ServiceProvider services = Services(connection, (OtlpSettings.Endpoint, endpoint));

        Assert.NotNull(services.GetService<MeterProvider>());
        Assert.NotNull(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetService<LoggerProvider>());
        OpenTelemetryLoggerOptions logs = services.GetRequiredService<IOptionsMonitor<OpenTelemetryLoggerOptions>>().CurrentValue;
        Assert.True(logs.IncludeScopes && logs.IncludeFormattedMessage);
        Assert.Equal(1, _workers);
    }

    [Theory]
    [InlineData(OtlpSettings.Endpoint, "collector:4317")]
    [InlineData(OtlpSettings.Endpoint, "ftp://user:secret@collector")]
    [InlineData(OtlpSettings.Protocol, "http/json")]
    public void A_setting_that_is_not_understood_stops_the_start_and_is_named(string setting, string value)
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => Services("", (OtlpSettings.Endpoint, "http://127.0.0.1:4317"), (setting, value)));

        Assert.StartsWith(setting + " is ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "", "tbyte-api")]
    [InlineData("shop-prod-api", "", "", "shop-prod-api")]
    [InlineData("shop-prod-api", "service.namespace=shop,service.name=reads", "", "reads")]
    [InlineData("shop-prod-api", "", "reads-of-the-shop", "reads-of-the-shop")]
    public void The_sender_has_the_name_that_azure_has_given_it_unless_a_setting_says_another(string site, string attributes, string name, string expected)
    {
        using ServiceProvider services = Services(
            Nowhere,
            ("WEBSITE_SITE_NAME", site),
            ("WEBSITE_INSTANCE_ID", "machine-7"),
            ("OTEL_RESOURCE_ATTRIBUTES", attributes),
            ("OTEL_SERVICE_NAME", name));

        Dictionary<string, object> sender = services.GetRequiredService<TracerProvider>().GetResource().Attributes
            .ToDictionary(static attribute => attribute.Key, static attribute => attribute.Value);

        Assert.Equal(expected, sender["service.name"]);
        Assert.Equal("machine-7", sender["service.instance.id"]);
        Assert.NotEmpty((string)sender["service.version"]);
    }

    [Fact]
    public void The_exporter_drops_no_trace_and_signs_in_as_the_app()
    {
        using ServiceProvider services = Services(Nowhere, ("Identity:ClientId", Guid.NewGuid().ToString()));

        AzureMonitorExporterOptions options = services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue;

        Assert.Equal(Nowhere, options.ConnectionString);
        Assert.Equal(1, options.SamplingRatio);
        Assert.Null(options.TracesPerSecond);
        Assert.Same(services.GetRequiredService<TokenCredential>(), options.Credential);
    }

    [Fact]
    public void Without_an_identity_the_setting_says_all()
    {
        using ServiceProvider services = Services(Nowhere);

        Assert.Null(services.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue.Credential);
    }

    [Theory]
    [InlineData("TByte.Functions.Anything")]
    [InlineData("Npgsql")]
    public void Every_span_and_metric_of_ours_and_of_the_database_client_is_listened_to(string name)
    {
        using ServiceProvider services = Services(Nowhere);
        services.GetRequiredService<MeterProvider>();
        services.GetRequiredService<TracerProvider>();
        Counter<int> counter = services.GetRequiredService<IMeterFactory>().Create(name).CreateCounter<int>("some");
        using ActivitySource source = new(name);

        Assert.True(counter.Enabled);
        for (int i = 0; i < 100; i++)
        {
            using Activity? span = source.StartActivity("span");
            Assert.True(span is { Recorded: true });
        }
    }

    [Fact]
    public void What_opentelemetrys_settings_say_of_sampling_holds()
    {
        using ServiceProvider services = Services("", (OtlpSettings.Endpoint, "http://127.0.0.1:1"), ("OTEL_TRACES_SAMPLER", "always_off"));
        using ActivitySource source = new("TByte.Functions.Sampled");
        services.GetRequiredService<TracerProvider>();

        using Activity? span = source.StartActivity("span");

        Assert.False(span?.Recorded ?? false);
    }

    [Fact]
    public void What_is_neither_is_left_alone()
    {
        using ServiceProvider services = Services(Nowhere);
        services.GetRequiredService<TracerProvider>();
        using ActivitySource source = new("Microsoft.AspNetCore");

        Assert.Null(source.StartActivity("request"));
    }

    private ServiceProvider Services(string connection, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(TelemetryServices.ConnectionSetting, connection),
            .. settings.Reverse().DistinctBy(static setting => setting.Key)
                .Where(static setting => setting.Value.Length > 0)
                .Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]).Build();
        return new ServiceCollection()
            .AddSingleton(configuration)
            .AddSingleton<TokenCredential>(new TokenAuthority(TimeSpan.FromHours(1)))
            .AddMetrics()
            .AddTelemetry("api", configuration, _ => _workers++)
            .BuildServiceProvider();
    }
}
