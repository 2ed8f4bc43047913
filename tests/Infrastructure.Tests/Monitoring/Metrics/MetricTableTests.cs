using System.Text.RegularExpressions;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>The table of metrics in docs/telemetry.md is what the code tells.</summary>
public sealed partial class MetricTableTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Bicep.Repository, "docs", "telemetry.md"));

    /// <summary>The rows of the table: an instrument's name, unit and attributes.</summary>
    internal static IReadOnlyList<(string Name, string Unit, string[] Attributes)> Rows { get; } =
    [
        .. Row().Matches(Document.Split("\n## ").Single(static section => section.StartsWith("Metrics\n", StringComparison.Ordinal)))
            .Select(static row => (row.Groups["name"].Value, row.Groups["unit"].Value, Attributes(row.Groups["attributes"].Value))),
    ];

    [Fact]
    public void Every_instrument_of_ours_has_its_row_with_its_unit_and_attributes_and_every_row_its_instrument()
    {
        using OwnMetrics metrics = new();
        IEnumerable<string> told = metrics.Recorder.Instruments.Where(IsOurs)
            .Select(name => Describe(name, metrics.Recorder.UnitOf(name), metrics.Recorder.Of(name).SelectMany(static measured => measured.Tags.Keys).Distinct()));
        IEnumerable<string> written = Rows.Where(static row => IsOurs(row.Name))
            .Select(static row => Describe(row.Name, row.Unit, row.Attributes));

        Assert.Equal(told.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_are_lower_case_and_dotted_and_units_are_those_of_ucum() => Assert.All(Rows, static row =>
    {
        Assert.Matches(@"^[a-z]+(\.[a-z][a-z0-9_]*)+$", row.Name);
        Assert.Matches(@"^(s|1|By|\{[a-z]+\}|)$", row.Unit);
    });

    // The rest of the table is Npgsql's and .NET's.
    private static bool IsOurs(string name) => name.StartsWith("tbyte.", StringComparison.Ordinal) || name == RequestMetrics.Duration;

    private static string Describe(string name, string unit, IEnumerable<string> attributes) =>
        $"{name} [{unit}] {string.Join(", ", attributes.Order(StringComparer.Ordinal))}";

    private static string[] Attributes(string cell) => [.. Code().Matches(cell).Select(static code => code.Groups["text"].Value)];

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| (?<unit>[^|]*?) ?\| (?<attributes>[^|]*?) ?\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`")]
    private static partial Regex Code();
}
