using System.Diagnostics;
using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>Microsoft's parser of Kusto queries, in Node.</summary>
internal static class KustoParser
{
    /// <summary>The queries of this repository.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.GetFiles(Path.Combine(Bicep.Repository, "infra", "kql"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Parses each file and binds its names to the tables of Application Insights.</summary>
    public static async Task<IReadOnlyList<KustoQuery>> ParseAsync(IReadOnlyList<string> files)
    {
        string script = Path.Combine(Bicep.Repository, "tests", "Infrastructure.Tests", "Monitoring", "Queries", "parse-kql.cjs");
        ProcessStartInfo start = new("node", [script, .. files]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        string error = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);

        // 1 is the end for diagnostics and for a script that failed alike; only the latter has no output.
        string text = await output;
        Assert.True(text.Length > 0, error);
        return JsonSerializer.Deserialize<KustoQuery[]>(text, JsonSerializerOptions.Web)!;
    }
}
