using System.Text.RegularExpressions;
using TByte.Functions.Infrastructure.Tests.Documents;

namespace TByte.Functions.Infrastructure.Tests.Monitoring;

/// <summary>Whoever is called finds the alert in docs/runbook.md, and nothing there that does not exist.</summary>
public sealed partial class RunbookTests(EvaluatedMonitoring monitoring)
{
    private static readonly string[] Parts = ["**Means**", "**Look**", "**Do**", "**Over**"];

    private static readonly string Text = Page("docs/runbook.md");

    [Fact]
    public async Task Each_alert_has_its_section_with_meaning_evidence_remedy_and_end()
    {
        Dictionary<string, string> sections = Text.Split("\n## ").Skip(1).ToDictionary(static section => section.Split('\n')[0].Trim());

        Assert.All((await monitoring.Alerts).Select(static alert => DocumentationTests.Kind(alert.Name)).Distinct(), alert =>
        {
            Assert.True(sections.TryGetValue(alert, out string? section), $"{alert} is not in the runbook.");
            Assert.All(Parts, part => Assert.Contains(part, section, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Findings_that_it_names_are_rules_of_the_diagnosis()
    {
        string rules = Page("docs/diagnosis.md");

        string[] named = [.. Finding().Matches(Text).SelectMany(static line => Name().Matches(line.Value)).Select(static name => name.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 8, $"Only {named.Length} findings were found.");
        Assert.All(named, rule => Assert.Contains($"`{rule}`", rules, StringComparison.Ordinal));
    }

    private static string Page(string path) => MarkdownDocument.All.Single(page => page.Path == path).Text;

    // Lines that speak of the diagnosis, and items that begin with what it has found.
    [GeneratedRegex(@"^.*(?:[Ff]inding|diagnosis').*$|^- `[a-z-]+`.*$", RegexOptions.Multiline)]
    private static partial Regex Finding();

    [GeneratedRegex("`([a-z]+(?:-[a-z]+)*)`")]
    private static partial Regex Name();
}
