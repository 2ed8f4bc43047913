using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing.Identity;

namespace TByte.Functions.Core.Tests.Telemetry;

public sealed class TelemetryServicesTests
{
    // Nobody listens there.
    private const string Nowhere = "InstrumentationKey=7d1a33bb-7a90-4b0f-9d5e-1e6c3a1f4c11;IngestionEndpoint=http://127.0.0.1:1/";

    [Fact]
    public void Without_the_setting_nobody_listens()
    {
        using ServiceProvider services = Services(connection: "");

        Assert.Null(services.GetService<MeterProvider>());
        Assert.Null(services.GetService<TracerProvider>());
        Assert.Empty(services.GetServices<IHostedService>());
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
    public void What_is_neither_is_left_alone()
    {
        using ServiceProvider services = Services(Nowhere);
        services.GetRequiredService<TracerProvider>();
        using ActivitySource source = new("Microsoft.AspNetCore");

        Assert.Null(source.StartActivity("request"));
    }

    private static ServiceProvider Services(string connection, params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(TelemetryServices.ConnectionSetting, connection),
            .. settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]).Build();
        return new ServiceCollection()
            .AddSingleton(configuration)
            .AddSingleton<TokenCredential>(new TokenAuthority(TimeSpan.FromHours(1)))
            .AddMetrics()
            .AddTelemetry(configuration)
            .BuildServiceProvider();
    }
}
