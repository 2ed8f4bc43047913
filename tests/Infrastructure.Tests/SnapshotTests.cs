using System.Text.Json.Nodes;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What is deployed changes only when somebody has looked at the change: <c>./dev infra --accept</c> writes the snapshots anew.</summary>
public sealed class SnapshotTests(Deployments deployments)
{
    [Theory]
    [InlineData("dev")]
    [InlineData("staging")]
    [InlineData("prod")]
    public async Task Is_what_was_accepted(string environment)
    {
        string accepted = await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, $"{environment}.snapshot.json"), TestContext.Current.CancellationToken);

        // Bicep writes the outputs in any order.
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(accepted), JsonNode.Parse((await deployments.Of(environment)).Text)),
            $"{environment} would be deployed differently; ./dev infra shows how.");
    }
}
