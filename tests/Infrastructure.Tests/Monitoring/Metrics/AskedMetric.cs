using System.Text.RegularExpressions;
using TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>A metric that a query asks for.</summary>
/// <param name="File">Of the query.</param>
/// <param name="Name">Of the metric.</param>
/// <param name="Tags">By which it is told apart.</param>
/// <param name="Values">Of tags, as the query compares them.</param>
internal sealed partial record AskedMetric(string File, string Name, IReadOnlyList<string> Tags, IReadOnlyList<string> Values)
{
    /// <summary>Of all queries of the repository.</summary>
    public static IReadOnlyList<AskedMetric> All { get; } =
    [
        .. KustoParser.Files
            .Select(static file => (Name: Path.GetFileName(file), Text: System.IO.File.ReadAllText(file)))
            .Where(static query => query.Text.Contains("AppMetrics", StringComparison.Ordinal))
            .Select(static query => Of(query.Name, query.Text)),
    ];

    /// <summary>Of one query.</summary>
    public static AskedMetric Of(string file, string text)
    {
        string[] tags = [.. Tag().Matches(text).Select(static match => match.Groups["tag"].Value)];
        string[] values = [.. Compared().Matches(text).SelectMany(static match => Quoted().Matches(match.Value)).Select(static match => match.Groups["text"].Value)];
        return new AskedMetric(file, Metric().Matches(text).Single().Groups["name"].Value, tags, values);
    }

    [GeneratedRegex("""\bName == "(?<name>[^"]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex("""Properties\["(?<tag>[^"]+)"\]""")]
    private static partial Regex Tag();

    [GeneratedRegex("""\b(?!Name\b)\w+ (?:in \([^)]*\)|(?:[!=]=|startswith) "[^"]*")""")]
    private static partial Regex Compared();

    [GeneratedRegex("""
        "(?<text>[^"]*)"
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Quoted();
}
