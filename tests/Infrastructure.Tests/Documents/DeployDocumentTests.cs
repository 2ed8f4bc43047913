using System.Globalization;

namespace TByte.Functions.Infrastructure.Tests.Documents;

/// <summary>docs/deploy.md says what is deployed.</summary>
public sealed class DeployDocumentTests(Deployments deployments)
{
    private static readonly string[] Environments = ["dev", "staging", "prod"];

    private readonly string[] _lines = File.ReadAllLines(Path.Combine(Bicep.Repository, "docs", "deploy.md"));

    [Fact]
    public void Lists_the_roles()
    {
        IEnumerable<string> roles = Rows("| who | role | on |").Select(static row => $"{row[0]}: {row[1]} on {row[2]}");

        Assert.Equal(RoleRules.Expected, roles);
    }

    [Fact]
    public async Task Tells_what_each_environment_has()
    {
        Dictionary<string, string[]> rows = Rows("| | dev | staging | prod |").ToDictionary(static row => row[0], static row => row[1..]);
        foreach ((int column, string environment) in Environments.Index())
        {
            Deployment deployment = await deployments.Of(environment);
            FunctionAppSite api = deployment.App("api");

            Assert.StartsWith(deployment.Of("Microsoft.Web/serverfarms").Single().TextAt("sku.name")!, rows["Elastic Premium plan"][column], StringComparison.Ordinal);
            Assert.Equal($"{api.MinimumInstances} to {api.MaximumInstances}", rows["instances of the API"][column]);
            Assert.Equal(deployment.Slots.Count == 1 ? "yes" : "-", rows["slot `next` of the API"][column]);
            Assert.StartsWith(deployment.Of("Microsoft.Cache/redisEnterprise").Single().TextAt("sku.name")!, rows["Azure Managed Redis"][column], StringComparison.Ordinal);
            Assert.StartsWith(deployment.Primary.TextAt("sku.name")!, rows["PostgreSQL 18"][column], StringComparison.Ordinal);
            Assert.Equal(deployment.Replicas.Count.ToString(CultureInfo.InvariantCulture), rows["read replicas"][column]);
            Assert.Equal(
                string.Create(CultureInfo.InvariantCulture, $"{ScaleRules.ConnectionsOf(deployment)} / {ScaleRules.LimitOf(deployment.Primary)}"),
                rows["connections to a server, at most / it takes"][column]);
        }
    }

    [Fact]
    public void Names_every_variable_that_the_parameter_files_read()
    {
        string document = string.Join('\n', _lines);
        Assert.All(DeploymentVariables.All, variable => Assert.Contains(variable.Name["TBYTE".Length..], document, StringComparison.Ordinal));
    }

    /// <summary>The cells of the table with this head.</summary>
    private IEnumerable<string[]> Rows(string head) => _lines
        .SkipWhile(line => line != head)
        .Skip(2)
        .TakeWhile(static line => line.StartsWith('|'))
        .Select(static line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));
}
