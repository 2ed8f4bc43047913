using Xunit;

namespace TByte.Functions.Testing.Redis;

/// <summary>
/// One Redis for a test assembly, started when the first test asks for it; tests keep apart by their keys. A test that flushes, stops or
/// kills it starts one of its own: <see cref="TestRedis.StartAsync"/>.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestRedis>> _server = new(() => TestRedis.StartAsync(CancellationToken.None));

    public Task<TestRedis> StartedAsync() => _server.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
