using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Diagnosis.Tests.Rules;

/// <summary>Whoever reads a finding can look its rule up.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_rule_is_described()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Find(), "docs", "diagnosis.md"));

        Assert.DoesNotContain(RuleNames.All, rule => !text.Contains($"`{rule}`", StringComparison.Ordinal));
    }
}
