namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What cannot work is refused before anything is made, with what to change.</summary>
public sealed class GuardTests(Deployments deployments)
{
    [Theory]
    [InlineData("prod", "maximumInstances: 20", "maximumInstances: 40", "All instances together may open 2495 connections to a server, and Standard_D4ds_v5 takes 1703")]
    [InlineData("dev", "postgresReplicas = 0", "postgresReplicas = 1", "A burstable server has no replicas: set postgresReplicas to 0")]
    [InlineData("dev", "zoneRedundant = false", "zoneRedundant = true", "A burstable server has no standby: set zoneRedundant to false")]
    public async Task Is_refused(string environment, string text, string replacement, string message)
    {
        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => deployments.DeployAsync(environment, new TemplateChange($"{environment}.bicepparam", text, replacement)));

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }
}
