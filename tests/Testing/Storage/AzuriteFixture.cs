using Xunit;

namespace TByte.Functions.Testing.Storage;

/// <summary>
/// One storage for a test assembly, started when the first test asks for it; tests keep apart by their containers. A test that stops or kills
/// it starts one of its own: <see cref="TestAzurite.StartAsync"/>.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly Lazy<Task<TestAzurite>> _server = new(() => TestAzurite.StartAsync(CancellationToken.None));

    public Task<TestAzurite> StartedAsync() => _server.Value;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
            await (await _server.Value).DisposeAsync();
    }
}
