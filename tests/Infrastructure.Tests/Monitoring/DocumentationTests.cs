using System.Text.Json;
using System.Text.RegularExpressions;
using TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;
using TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>Whoever is told of something can look it up in docs/monitoring.md, and finds there what is deployed.</summary>
public sealed partial class DocumentationTests(EvaluatedMonitoring monitoring)
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Bicep.Repository, "docs", "monitoring.md"));

    [Fact]
    public async Task Each_alert_has_its_row_and_each_row_its_alert()
    {
        string[] deployed = [.. (await monitoring.Alerts).Select(static alert => Kind(alert.Name)).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(deployed, Section("Alerts").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_row_tells_threshold_window_and_what_to_look_at_first()
    {
        Dictionary<string, DeployedAlert> alerts = (await monitoring.Alerts).DistinctBy(static alert => Kind(alert.Name)).ToDictionary(static alert => Kind(alert.Name));

        Assert.All(alerts, static alert =>
        {
            string[] cells = [.. Text.Split('\n').Single(line => line.StartsWith($"| `{alert.Key}` |", StringComparison.Ordinal)).Split('|').Select(static cell => cell.Trim())];
            Assert.Contains(Threshold(alert.Value), cells[2], StringComparison.Ordinal);
            Assert.Equal($"{alert.Value.Window.TotalMinutes} min", cells[3]);
            Assert.Equal(alert.Value.Description, $"{cells[4]} {cells[5]}");
        });
    }

    [Fact]
    public async Task Each_saved_query_is_listed_by_its_title()
    {
        IEnumerable<string> titles = (await monitoring.SavedQueries)
            .Select(static resource => resource.GetProperty("properties"))
            .Where(static properties => properties.TryGetProperty("displayName", out _))
            .Select(static properties => properties.GetProperty("displayName").GetString()!);

        Assert.Equal(titles, Section("Saved queries"));
    }

    [Fact]
    public async Task The_questions_of_the_workbook_are_listed_in_their_order()
    {
        IEnumerable<string> questions = WorkbookItems.Charts(await monitoring.Workbook)
            .Select(static chart => Question().Match(chart.GetProperty("content").GetProperty("title").GetString()!).Value);

        Assert.Equal(questions, Section("The workbook"));
    }

    /// <summary>An alert without the server that it is for.</summary>
    internal static string Kind(string name) => name.StartsWith("database-", StringComparison.Ordinal) ? string.Join('-', name.Split('-')[..2]) : name;

    private static string Threshold(DeployedAlert alert) => alert.Measure == "active_connections" ? "80" : JsonSerializer.Serialize(alert.Condition.Threshold);

    /// <summary>What the rows of a section's table begin with.</summary>
    private static IEnumerable<string> Section(string heading) =>
        Row().Matches(Text.Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal))).Select(static row => row.Groups["first"].Value);

    [GeneratedRegex(@"(?<=^\|-.*\n(?:\|.*\n)*)\| `?(?<first>[^|`]+?)`? \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^[^?]+\?")]
    private static partial Regex Question();
}
