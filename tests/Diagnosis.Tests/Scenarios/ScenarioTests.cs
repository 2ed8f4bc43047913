namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Every injected cause is named first or second, and nothing else of weight is.</summary>
public sealed class ScenarioTests(ScenarioWorld world, ScenarioScores scores) : IClassFixture<ScenarioWorld>, IClassFixture<ScenarioScores>
{
    // Far enough apart in the list that faults of different kinds meet.
    private const int Stride = 9;

    public static TheoryData<string> Alone => [.. Fault.All.Select(static fault => fault.Name)];

    public static TheoryData<string, string> Pairs => [.. PairsOf(Fault.All).Select(static pair => (pair.First.Name, pair.Second.Name))];

    [Fact]
    public void There_are_enough_faults() => Assert.True(Fault.All.Count >= 14 && PairsOf(Fault.All).Count() >= 14);

    [Theory]
    [MemberData(nameof(Alone))]
    public Task A_fault_is_named_first_or_second(string name) => NamesAsync(Find(name));

    [Theory]
    [MemberData(nameof(Pairs))]
    public Task Two_faults_are_named_first_and_second(string first, string second) => NamesAsync(Find(first), Find(second));

    [Fact]
    public async Task A_healthy_shop_has_nothing_of_weight()
    {
        await using Scenario scenario = await world.BeginAsync();
        Readers.Begin(scenario);

        DiagnosisReport report = await scenario.DiagnoseAsync();

        scores.Healthy(report);
        Assert.True(report.Findings.All(static finding => finding.Severity == Severity.Low), string.Join('\n', report.Findings.Select(Line)));
        Assert.True(report.Queries.Count >= 5 && report.Servers.All(static server => server.Problem is null), "The report is empty.");
    }

    private async Task NamesAsync(params Fault[] faults)
    {
        await using Scenario scenario = await world.BeginAsync();
        foreach (Fault fault in faults.OrderBy(static fault => fault.Rule is ServerRules.Connections or ServerRules.Away))
            await fault.InjectAsync(scenario);
        Readers.Begin(scenario);

        DiagnosisReport report = await scenario.DiagnoseAsync();

        scores.Injected(faults, report);
        string findings = string.Join('\n', report.Findings.Select(Line).Concat(report.NotSeen.Select(static missed => $"not seen: {missed}")));
        foreach (Fault fault in faults)
            Assert.True(report.Findings.Take(2).Any(fault.Is), $"'{fault}' is not named first or second:\n{findings}");
        Assert.True(
            report.Findings.Where(static finding => finding.Severity == Severity.High).All(finding => faults.Any(fault => fault.Is(finding))),
            $"Something else is called high:\n{findings}");
    }

    private static string Line(Finding finding) => $"{finding.Severity} {finding.Confidence:0.##} {finding.Rule} ({finding.Subject}): {finding.What}";

    private static Fault Find(string name) => Fault.All.Single(fault => fault.Name == name);

    private static IEnumerable<(Fault First, Fault Second)> PairsOf(IReadOnlyList<Fault> faults) =>
        from i in Enumerable.Range(0, faults.Count)
        let first = faults[i]
        let second = faults[(i + Stride) % faults.Count]
        where first.CanBeWith(second) && !(first.TakesAll && !second.IsSeenWithoutDatabase) && !(second.TakesAll && !first.IsSeenWithoutDatabase)
        select (first, second);
}
