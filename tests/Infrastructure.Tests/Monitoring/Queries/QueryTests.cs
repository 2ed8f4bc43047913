using System.Text.Json;
using TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>Every query is one that Azure understands, and is asked by somebody.</summary>
public sealed class QueryTests(EvaluatedMonitoring monitoring)
{
    // A row may stand for many: ItemCount says for how many.
    private static readonly string[] Unweighted = [" count()", " countif(", "percentile(", "percentiles(", "avg("];

    [Fact]
    public async Task Each_parses_and_knows_its_tables_and_columns()
    {
        IReadOnlyList<KustoQuery> queries = await KustoParser.ParseAsync(KustoParser.Files);

        Assert.Equal(KustoParser.Files, queries.Select(static query => query.File));
        Assert.Empty(queries.SelectMany(static query => query.Problems));
    }

    [Fact]
    public async Task A_broken_one_is_told_with_its_line()
    {
        (string Text, int Line, string Message)[] broken =
        [
            ("AppRequests\n| summarise count()", 2, "Query operator expected"),
            ("AppRequests\n\n| where Duration > 5", 3, "'Duration' does not refer to any known column"),
            ("requests | count", 1, "'requests' does not refer to any known table"),
            ("AppMetrics | summarize p95(Sum)", 1, "'p95' does not refer to any known function"),
            ("AppMetrics | where Sum > 'much'", 1, "not defined for the operand types"),
        ];
        DirectoryInfo folder = Directory.CreateTempSubdirectory("tbyte-kql-");
        try
        {
            string[] files = [.. broken.Select((_, i) => Path.Combine(folder.FullName, $"{i}.kql"))];
            for (int i = 0; i < files.Length; i++)
                await File.WriteAllTextAsync(files[i], broken[i].Text, TestContext.Current.CancellationToken);

            Assert.All((await KustoParser.ParseAsync(files)).Zip(broken), static pair => Assert.Contains(pair.First.Problems, problem =>
                problem.StartsWith($"{pair.First.File}:{pair.Second.Line}: Error: ", StringComparison.Ordinal)
                && problem.Contains(pair.Second.Message, StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task An_alert_measures_a_number_of_its_query_and_splits_by_its_texts()
    {
        DeployedAlert[] alerts = [.. (await monitoring.Alerts).Where(static alert => alert.Query is not null)];
        string folder = Path.Combine(Bicep.Repository, "infra", "kql", "alerts");
        IReadOnlyList<KustoQuery> queries = await KustoParser.ParseAsync([.. alerts.Select(alert => Path.Combine(folder, $"{alert.Name}.kql"))]);

        Assert.All(alerts.Zip(queries), static pair =>
        {
            (DeployedAlert alert, KustoQuery query) = pair;
            Assert.Equal(File.ReadAllText(query.File), alert.Query);
            Assert.Equal("real", query.Columns.Single(column => column.Name == alert.Measure).Type);
            Assert.Contains(new KustoColumn("TimeGenerated", "datetime"), query.Columns);
            Assert.Equal(alert.Dimensions, query.Columns.Where(static column => column.Type == "string").Select(static column => column.Name));
        });
    }

    [Fact]
    public async Task Each_begins_with_a_title_and_a_description_and_is_deployed_once()
    {
        string[] deployed =
        [
            .. (await monitoring.Alerts).Select(static alert => alert.Query).OfType<string>(),
            .. (await monitoring.SavedQueries).Where(IsQuery).Select(static query => query.GetProperty("properties").GetProperty("body").GetString()!),
            .. WorkbookItems.Queries(await monitoring.Workbook),
        ];

        Assert.Equal(KustoParser.Files.Select(File.ReadAllText).Order(StringComparer.Ordinal), deployed.Order(StringComparer.Ordinal));
        Assert.All(deployed, static text => Assert.Matches("^// [A-Z0-9].{5,}\n// [A-Z0-9].{20,}\n[^/]", text));
    }

    [Fact]
    public void Each_counts_also_what_sampling_left_out() => Assert.All(KustoParser.Files, static file =>
    {
        string text = File.ReadAllText(file);
        Assert.All(Unweighted, function => Assert.DoesNotContain(function, text, StringComparison.Ordinal));
    });

    [Fact]
    public async Task A_saved_query_is_found_by_its_title_and_description()
    {
        JsonElement[] saved = [.. (await monitoring.SavedQueries).Where(IsQuery).Select(static query => query.GetProperty("properties"))];

        Assert.NotEmpty(saved);
        Assert.All(saved, static query => Assert.StartsWith(
            $"// {query.GetProperty("displayName").GetString()}\n// {query.GetProperty("description").GetString()}\n",
            query.GetProperty("body").GetString(),
            StringComparison.Ordinal));
    }

    private static bool IsQuery(JsonElement resource) => resource.GetProperty("type").GetString() == "Microsoft.OperationalInsights/queryPacks/queries";
}
