using System.Text.RegularExpressions;
using TByte.Functions.LocalHost.Settings;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>What the documents say of settings is what the options classes say.</summary>
public sealed partial class SettingsDocumentTests
{
    private static readonly string[] Handlers = ["AzureWebJobsStorage", "AzureFunctionsWebHost", "Authentication"];

    [Fact]
    public async Task Settings_md_is_what_the_program_prints()
    {
        string document = await File.ReadAllTextAsync(Path.Combine(Bicep.Repository, "docs", "settings.md"), TestContext.Current.CancellationToken);

        // To mend it: ./dev settings > docs/settings.md
        Assert.Equal(SettingsReference.Write(), document);
    }

    [Fact]
    public void Every_setting_that_is_named_exists()
    {
        string known = SettingsReference.Write();

        string[] named = [.. MarkdownDocument.All.SelectMany(static page => page.Codes.Concat(page.Commands).SelectMany(code => Setting().Matches(code)).Select(static match => match.Value)).Distinct()];

        Assert.True(named.Length > 40, $"Only {named.Length} settings were found.");
        Assert.DoesNotContain(named, name => !Handlers.Contains(name.Split("__")[0]) && !Exists(known, name));
    }

    /// <summary>The readme shows the settings that one looks for first, with their defaults.</summary>
    [Fact]
    public void The_readme_tells_the_defaults_that_hold()
    {
        Dictionary<string, string> defaults = Row().Matches(SettingsReference.Write()).ToDictionary(static row => row.Groups["name"].Value, static row => row.Groups["default"].Value);
        Match[] rows = Row().Matches(MarkdownDocument.All[0].Text).ToArray();

        Assert.True(rows.Length > 5, $"Only {rows.Length} rows were found.");
        Assert.All(rows, row => Assert.Equal(defaults[row.Groups["name"].Value], row.Groups["default"].Value));
    }

    // Items of a list have numbers.
    private static bool Exists(string known, string name) =>
        known.Contains($"`{name}`", StringComparison.Ordinal) || known.Contains($"`{Number().Replace(name, "__0")}`", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<![\w_])[A-Z][A-Za-z]+(__[A-Za-z0-9]+)+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"__(\d+|N)$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\| `(?<name>[A-Z]\w+__\w+)`(?: …)? \| (?<default>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
