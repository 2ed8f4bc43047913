using System.Globalization;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Counts how often causes were named, and what else was; writes the table beside the test's program.</summary>
public sealed class ScenarioScores : IDisposable
{
    private readonly Lock _counting = new();
    private readonly List<(string What, int Injected, int Named, int Told, int True)> _lines = [];

    internal void Injected(IReadOnlyList<Fault> faults, DiagnosisReport report) => Count(
        string.Join(" + ", faults.Select(static fault => fault.Name)),
        faults.Count,
        faults.Count(fault => report.Findings.Take(2).Any(fault.Is)),
        [.. report.Findings.Where(static finding => finding.Severity > Severity.Low).Select(finding => faults.Any(fault => fault.Is(finding)))]);

    internal void Healthy(DiagnosisReport report) => Count(
        "(healthy)", 0, 0, [.. report.Findings.Where(static finding => finding.Severity > Severity.Low).Select(static _ => false)]);

    public void Dispose()
    {
        double Share(int part, int all) => all == 0 ? 1 : (double)part / all;
        IEnumerable<string> table =
        [
            "| injected | named first or second | told with medium or high | of them true |",
            "|---|---|---|---|",
            .. _lines.Select(static line => $"| {line.What} | {line.Named} of {line.Injected} | {line.Told} | {line.True} |"),
            string.Create(CultureInfo.InvariantCulture,
                $"| **all** | **recall {Share(_lines.Sum(static line => line.Named), _lines.Sum(static line => line.Injected)):P1}** | {_lines.Sum(static line => line.Told)} | **precision {Share(_lines.Sum(static line => line.True), _lines.Sum(static line => line.Told)):P1}** |"),
        ];
        if (_lines.Count > 0)
            File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "scenarios.md"), table);
    }

    private void Count(string what, int injected, int named, IReadOnlyList<bool> told)
    {
        lock (_counting)
            _lines.Add((what, injected, named, told.Count, told.Count(static isTrue => isTrue)));
    }
}
