using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>Where telemetry goes.</summary>
public sealed class TelemetryTests(EvaluatedMonitoring monitoring)
{
    private const string Parameters =
        """
        param workspaceName = 'shop-logs'
        param componentName = 'shop-insights'
        param retentionDays = 30
        """;

    [Fact]
    public async Task Nobody_sends_by_a_key_and_all_of_it_is_kept_in_the_workspace()
    {
        IReadOnlyList<JsonElement> resources = await monitoring.EvaluateAsync("workspace", Parameters);
        JsonElement workspace = resources.Single(static resource => resource.GetProperty("name").GetString() == "shop-logs");
        JsonElement component = resources.Single(static resource => resource.GetProperty("name").GetString() == "shop-insights");

        Assert.True(component.GetProperty("properties").GetProperty("DisableLocalAuth").GetBoolean());
        Assert.Equal(workspace.GetProperty("id").GetString(), component.GetProperty("properties").GetProperty("WorkspaceResourceId").GetString());
        Assert.True(workspace.GetProperty("properties").GetProperty("features").GetProperty("disableLocalAuth").GetBoolean());
        Assert.Equal(30, workspace.GetProperty("properties").GetProperty("retentionInDays").GetInt32());
    }
}
