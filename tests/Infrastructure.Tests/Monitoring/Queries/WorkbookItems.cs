using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>Reads what a workbook shows.</summary>
internal static class WorkbookItems
{
    private const int ShowsQuery = 3;

    /// <summary>The queries of its charts, in their order.</summary>
    public static IReadOnlyList<string> Queries(IReadOnlyList<JsonElement> resources) =>
        [.. Charts(resources).Select(static chart => chart.GetProperty("content").GetProperty("query").GetString()!)];

    /// <summary>Its charts, in their order.</summary>
    public static IReadOnlyList<JsonElement> Charts(IReadOnlyList<JsonElement> resources)
    {
        JsonElement workbook = resources.Single(static resource => resource.GetProperty("type").GetString() == "Microsoft.Insights/workbooks");
        using JsonDocument shown = JsonDocument.Parse(workbook.GetProperty("properties").GetProperty("serializedData").GetString()!);
        return [.. shown.RootElement.GetProperty("items").Clone().EnumerateArray().Where(static item => item.GetProperty("type").GetInt32() == ShowsQuery)];
    }
}
