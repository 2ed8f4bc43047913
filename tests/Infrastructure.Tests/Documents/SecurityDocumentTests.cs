using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>Each answer to a threat is held by something.</summary>
public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void Every_threat_stands_among_the_claims_and_every_claim_among_the_threats()
    {
        string[] threats = [.. Threat().Matches(Page("docs/security.md")).Select(static threat => threat.Groups["name"].Value)];
        string section = Page("docs/correctness.md").Split("\n## ").Single(static section => section.StartsWith("Security", StringComparison.Ordinal));

        Assert.True(threats.Length > 10, $"Only {threats.Length} threats were found.");
        Assert.Equal(threats, Claim().Matches(section).Select(static claim => claim.Groups["name"].Value));
    }

    private static string Page(string path) => MarkdownDocument.All.Single(page => page.Path == path).Text;

    [GeneratedRegex(@"^\| \*\*(?<name>[^*]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex Threat();

    [GeneratedRegex(@"^\| (?<name>[^|]+?) \| `", RegexOptions.Multiline)]
    private static partial Regex Claim();
}
