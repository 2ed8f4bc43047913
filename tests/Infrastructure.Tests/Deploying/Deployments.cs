using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(TByte.Functions.Infrastructure.Tests.Deployments))]

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>
/// What would be deployed to each environment. A case is an environment: as its parameter file has it before there is anything; with
/// <c> again</c>, once replicas and packages are there; or <c>classic</c>: prod with the Redis of those who may still make one.
/// </summary>
public sealed class Deployments : IAsyncDisposable
{
    private const string Again = " again";
    private const string Classic = "classic";

    private static readonly TemplateChange CacheForRedis =
        new("prod.bicepparam", "redisSku = 'Balanced_B5'", "redisSku = 'P1'\nparam redisOffering = 'AzureCacheForRedis'");

    private readonly ConcurrentDictionary<string, Task<Deployment>> _cases = [];
    private readonly BicepServer _first = new([]);
    private readonly BicepServer _again = new([("TBYTE_RELEASE", "20261126-abcdef0"), ("TBYTE_REPLICAS_MADE", "2")]);

    public static IReadOnlyList<string> Cases { get; } = ["dev", "staging", "prod", "dev again", "staging again", "prod again", Classic];

    /// <summary>With the templates as they are.</summary>
    internal Task<Deployment> Of(string name) => _cases.GetOrAdd(name, _ => DeployAsync(name, change: null));

    /// <summary>With a change to them.</summary>
    internal async Task<Deployment> DeployAsync(string name, TemplateChange? change)
    {
        using TemplateFolder folder = new();
        if (name == Classic)
            folder.Change(CacheForRedis);
        if (change is not null)
            folder.Change(change);

        string environment = name == Classic ? "prod" : name.Split(' ')[0];
        BicepServer bicep = name.EndsWith(Again, StringComparison.Ordinal) ? _again : _first;
        string snapshot = await bicep.SnapshotAsync(folder.PathOf($"{environment}.bicepparam"), environment);
        return new Deployment(environment, await bicep.CompileAsync(folder.PathOf("main.bicep")), snapshot);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _again.DisposeAsync();
    }
}
