using System.Text.Json.Nodes;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>What the Functions host is told by each app.</summary>
public sealed class HostJsonTests
{
    /// <summary>It is read at the root only; under logging it would be passed over without a word.</summary>
    [Theory]
    [InlineData("Api")]
    [InlineData("Warmup")]
    [InlineData("Maintenance")]
    public async Task Telemetry_mode_is_set_at_the_root_and_nowhere_else(string app)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "src", app, "host.json"), TestContext.Current.CancellationToken);

        Assert.Equal("OpenTelemetry", (string?)JsonNode.Parse(text)!["telemetryMode"]);
        Assert.Null(JsonNode.Parse(text)!["logging"]?["telemetryMode"]);
    }

    /// <summary>The host has the span of a request already, and would take what a console exporter writes for log lines.</summary>
    [Theory]
    [InlineData("Api/Api.csproj")]
    [InlineData("Warmup/Warmup.csproj")]
    [InlineData("Maintenance/Maintenance.csproj")]
    [InlineData("Core/Core.csproj")]
    public async Task Requests_have_one_span_and_nothing_is_exported_to_the_console(string project)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "src", project), TestContext.Current.CancellationToken);

        Assert.DoesNotContain("OpenTelemetry.Instrumentation.AspNetCore", text, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry.Exporter.Console", text, StringComparison.Ordinal);
    }
}
