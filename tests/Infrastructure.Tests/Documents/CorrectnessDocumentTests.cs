using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>Each test and rule that docs/correctness.md names exists.</summary>
public sealed partial class CorrectnessDocumentTests
{
    [Fact]
    public async Task Names_tests_that_there_are()
    {
        string document = await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "docs", "correctness.md"), TestContext.Current.CancellationToken);
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(Bicep.Repository, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];
        ILookup<string, string> byClass = sources.ToLookup(static file => Path.GetFileNameWithoutExtension(file));

        List<string> missing = [];
        foreach (Match named in Named().Matches(document))
        {
            (string type, string method) = (named.Groups["type"].Value, named.Groups["method"].Value);
            string[] files = [.. byClass[type]];
            if (files.Length == 0 || (method.Length > 0 && !files.Any(file => File.ReadAllText(file).Contains($" {method}", StringComparison.Ordinal))))
                missing.Add(named.Value);
        }

        Assert.Empty(missing);
    }

    [Fact]
    public async Task Has_every_trap()
    {
        string document = await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "docs", "correctness.md"), TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(1, 26), trap => Assert.Contains($"| T{trap}: ", document, StringComparison.Ordinal));
    }

    // A method that is cut off with … is named by how it begins.
    [GeneratedRegex(@"`(?<type>\w+(Tests|Contract|Rules))(\.(?<method>\w+?)(_…|…)?)?`")]
    private static partial Regex Named();
}
