using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(TByte.Functions.Infrastructure.Tests.Deployments))]

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What would be deployed to each environment, and in the cases that differ; compiled once.</summary>
public sealed class Deployments
{
    /// <summary>As the parameter files have it, before there is anything.</summary>
    public static IReadOnlyList<string> Environments { get; } = ["dev", "staging", "prod"];

    private readonly ConcurrentDictionary<string, Task<Deployment>> _deployments = [];

    internal Task<Deployment> FirstAsync(string environment) => DeployAsync(environment, environment, []);

    /// <summary>Once replicas and packages are there.</summary>
    internal Task<Deployment> AgainAsync(string environment) => DeployAsync(
        $"{environment} again", environment, [], ("TBYTE_RELEASE", "20261126-abcdef0"), ("TBYTE_REPLICAS_MADE", "2"));

    /// <summary>With the Redis of those who may still make one.</summary>
    internal Task<Deployment> WithCacheForRedisAsync() => DeployAsync(
        "classic", "prod", [new("prod.bicepparam", "redisSku = 'Balanced_B5'", "redisSku = 'P1'\nparam redisOffering = 'AzureCacheForRedis'")]);

    private Task<Deployment> DeployAsync(
        string key, string environment, IEnumerable<TemplateChange> changes, params (string Name, string Value)[] variables) => _deployments.GetOrAdd(
        key,
        async _ =>
        {
            using TemplateFolder folder = new();
            foreach (TemplateChange change in changes)
                folder.Change(change);
            return await folder.DeployAsync(environment, variables);
        });
}
