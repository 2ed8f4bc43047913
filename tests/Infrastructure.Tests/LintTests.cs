namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The templates and parameter files say nothing when they are compiled: Bicep ends with 0 for a wrong property name, too.</summary>
public sealed class LintTests
{
    public static TheoryData<string> Templates() =>
        [.. Directory.EnumerateFiles(Bicep.Folder, "*.bicep", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(Bicep.Folder, path))];

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_is_linted_without_a_word(string template)
    {
        BicepResult lint = await Bicep.RunAsync("lint", Path.Combine(Bicep.Folder, template));

        Assert.Equal("", lint.Output + lint.Error);
        Assert.Equal(0, lint.ExitCode);
    }
}
