using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>An alert, as the template makes it.</summary>
/// <param name="Name">Without the prefix.</param>
/// <param name="Properties">As they are sent to Azure.</param>
/// <param name="Groups">The action groups that the template makes and that reach somebody.</param>
internal sealed record DeployedAlert(string Name, JsonElement Properties, IReadOnlyList<string> Groups)
{
    public string Description => Text("description");

    public TimeSpan Window => System.Xml.XmlConvert.ToTimeSpan(Text("windowSize"));

    public TimeSpan Frequency => System.Xml.XmlConvert.ToTimeSpan(Text("evaluationFrequency"));

    public string? Query => Criterion.TryGetProperty("query", out JsonElement query) ? query.GetString() : null;

    /// <summary>A column of the query, or a metric of Azure.</summary>
    public string Measure => Criterion.GetProperty(Query is null ? "metricName" : "metricMeasureColumn").GetString()!;

    public IReadOnlyList<string> Dimensions => Criterion.TryGetProperty("dimensions", out JsonElement dimensions)
        ? [.. dimensions.EnumerateArray().Select(static dimension => dimension.GetProperty("name").GetString()!)]
        : [];

    /// <summary>When it fires.</summary>
    public AlertCondition Condition => new(
        Measure, Criterion.GetProperty("operator").GetString()!, Criterion.GetProperty("threshold").GetDouble(), Text("windowSize"));

    /// <summary>Whom it tells.</summary>
    public IReadOnlyList<string> Told => Query is null
        ? [.. Properties.GetProperty("actions").EnumerateArray().Select(static action => action.GetProperty("actionGroupId").GetString()!)]
        : [.. Properties.GetProperty("actions").GetProperty("actionGroups").EnumerateArray().Select(static group => group.GetString()!)];

    private JsonElement Criterion => Properties.GetProperty("criteria").GetProperty("allOf").EnumerateArray().Single();

    public static IReadOnlyList<DeployedAlert> Read(IReadOnlyList<JsonElement> resources)
    {
        string[] groups =
        [
            .. resources
                .Where(static resource => TypeOf(resource) == "Microsoft.Insights/actionGroups")
                .Where(static group => group.GetProperty("properties").GetProperty("emailReceivers").GetArrayLength() > 0)
                .Select(static group => group.GetProperty("id").GetString()!),
        ];
        return
        [
            .. resources
                .Where(static resource => TypeOf(resource) is "Microsoft.Insights/scheduledQueryRules" or "Microsoft.Insights/metricAlerts")
                .Select(alert => new DeployedAlert(
                    alert.GetProperty("name").GetString()![(AlertParameters.Prefix.Length + 1)..], alert.GetProperty("properties"), groups)),
        ];
    }

    public bool Is(string property) => Properties.GetProperty(property).GetBoolean();

    private static string? TypeOf(JsonElement resource) => resource.GetProperty("type").GetString();

    private string Text(string property) => Properties.GetProperty(property).GetString()!;
}
