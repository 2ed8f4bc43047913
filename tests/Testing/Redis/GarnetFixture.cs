using Xunit;

namespace TByte.Functions.Testing.Redis;

/// <summary>One Garnet for a test assembly, started when the first test asks for it; tests keep apart by their keys.</summary>
public sealed class GarnetFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestGarnet>> _server = new(() => TestGarnet.StartAsync(CancellationToken.None));

    public Task<TestGarnet> StartedAsync() => _server.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
