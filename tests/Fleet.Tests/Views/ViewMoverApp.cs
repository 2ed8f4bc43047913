using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Redis;
using TByte.Functions.Testing;
using TByte.Functions.Views;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>The Warmup app in this process, with no timer running: its mover is told when to move.</summary>
internal sealed class ViewMoverApp : IAsyncDisposable
{
    private readonly LocalFunctionApp _app;

    private ViewMoverApp(LocalFunctionApp app) => _app = app;

    public ViewMover Mover => _app.Services.GetRequiredService<ViewMover>();

    public ViewQueue Queue => _app.Services.GetRequiredService<ViewQueue>();

    /// <param name="postgres">Connection string of the shop.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ViewMoverApp> StartAsync(string postgres, string redis, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new() { ["Postgres__Primary"] = postgres, ["Postgres__MinPoolSize"] = "1", ["Redis__Connection"] = redis };
        foreach ((string key, string value) in settings)
            all[key] = value;
        LocalFunctionAppOptions options = new() { Settings = all, ReadEnvironment = false, RunTimers = false };
        ViewMoverApp app = new(await LocalFunctionApp.StartAsync(FunctionApps.Warmup, options, TestContext.Current.CancellationToken));
        await app.FindsRedisAsync();
        return app;
    }

    /// <summary>Waits until it has found Redis, at first or again.</summary>
    public Task FindsRedisAsync() => Eventually.HoldsAsync(
        () => _app.Services.GetRequiredService<RedisGate>().IsAvailable, "the mover finds Redis", TestContext.Current.CancellationToken);

    public Task<MovedViews> MoveAsync() => Mover.MoveAsync(TestContext.Current.CancellationToken);

    /// <summary>Moves again and again until the queue is empty.</summary>
    public Task MoveAllAsync() => Eventually.HoldsAsync(
        async () => (await MoveAsync()).EndedEarly is null, "the queue is empty", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
