using Xunit;

namespace TByte.Functions.Testing.Redis;

/// <summary>One Redis Cluster of three nodes for a test assembly, started when the first test asks for it; tests keep apart by their keys.</summary>
public sealed class RedisClusterFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestRedisCluster>> _cluster = new(() => TestRedisCluster.StartAsync(CancellationToken.None));

    public Task<TestRedisCluster> StartedAsync() => _cluster.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
            await (await _cluster.Value).DisposeAsync();
    }
}
