namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The templates say nothing when they are compiled: Bicep ends with 0 for a wrong property name, too.</summary>
public sealed class LintTests
{
    [Theory]
    [InlineData("**/*.bicep")]
    [InlineData("*.bicepparam")]
    public async Task Everything_is_linted_without_a_word(string files)
    {
        BicepResult lint = await Bicep.LintAsync(Bicep.Folder, files);

        Assert.Equal("", lint.Output + lint.Error);
        Assert.Equal(0, lint.ExitCode);
    }

    [Fact]
    public async Task A_wrong_property_name_is_a_word()
    {
        using TemplateFolder folder = new();
        folder.Change(new("modules/apps/plan.bicep", "maximumElasticWorkerCount: maximumInstances", "maximumElasticWorkersCount: maximumInstances"));

        BicepResult lint = await Bicep.LintAsync(folder.Bicep, "**/*.bicep");

        Assert.Contains("Did you mean", lint.Error, StringComparison.Ordinal);
        Assert.Equal(0, lint.ExitCode);
    }
}
