using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>The workflows need no secret, and call what there is.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string[] Scripts = ["infra/release", "./dev"];

    public static TheoryData<string> Workflows() =>
        [.. Directory.EnumerateFiles(Path.Combine(Bicep.Repository, ".github", "workflows")).Select(static path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task Has_no_secret(string workflow) =>
        Assert.DoesNotContain("secrets.", await ReadAsync($".github/workflows/{workflow}"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task Calls_verbs_that_the_scripts_know(string workflow)
    {
        string text = await ReadAsync($".github/workflows/{workflow}");
        foreach (string script in Scripts)
        {
            string source = await ReadAsync(script);
            foreach (Match call in Verb().Matches(text).Where(call => call.Groups["script"].Value == script))
                Assert.Matches($"(?m)^  \"?{Regex.Escape(call.Groups["verb"].Value)}[ )]", source);
        }
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task Names_files_that_there_are(string workflow)
    {
        foreach (Match file in Template().Matches(await ReadAsync($".github/workflows/{workflow}")))
            Assert.True(File.Exists(Path.Combine(Bicep.Repository, file.Value)), $"{file.Value} is missing.");
    }

    [Fact]
    public async Task Every_variable_of_the_environments_is_documented()
    {
        string document = await ReadAsync("docs/deploy.md");
        Assert.All(
            Variable().Matches(await ReadAsync(".github/workflows/deploy-environment.yml")).Select(static variable => variable.Groups[1].Value).Distinct(),
            name => Assert.Contains($"`{name}`", document, StringComparison.Ordinal));
    }

    private static Task<string> ReadAsync(string path) => File.ReadAllTextAsync(Path.Combine(Bicep.Repository, path), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"(?<script>infra/release|\./dev) (?<verb>[a-z-]+)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"infra/bicep/[\w./-]+\.bicep\b")]
    private static partial Regex Template();

    [GeneratedRegex(@"vars\.([A-Z_]+)")]
    private static partial Regex Variable();
}
