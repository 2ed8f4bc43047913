namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A rule that nothing breaks says nothing: each template that is broken this way is found by the rule that is for it.</summary>
public sealed class MutationTests(Deployments deployments)
{
    [Theory]
    [MemberData(nameof(Mutations.All), MemberType = typeof(Mutations))]
    public async Task A_broken_template_is_found(string broken, TemplateChange change)
    {
        string[] caseAndRule = broken.Split(": ");
        Deployment deployment = await deployments.DeployAsync(caseAndRule[0], change);

        Assert.NotEmpty(RuleTests.Rules[caseAndRule[1]](deployment));
    }

    [Fact]
    public void Every_rule_is_broken() =>
        Assert.Equal(RuleTests.Rules.Keys.Order(), Mutations.All().Select(static row => row.Data.Item1.Split(": ")[1]).Distinct().Order());
}
