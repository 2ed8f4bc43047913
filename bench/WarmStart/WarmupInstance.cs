using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Orders;
using TByte.Functions.Products;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.WarmStart;

/// <summary>The instance that moves views to the database and warms products.</summary>
internal sealed class WarmupInstance : IAsyncDisposable
{
    private readonly AppInstance _app;

    private WarmupInstance(AppInstance app) => _app = app;

    public ProductWarmer Warmer => _app.Get<ProductWarmer>();

    public static async Task<WarmupInstance> StartAsync(Backends backends, CancellationToken cancellationToken)
    {
        // Nobody reads meanwhile, so that there is nothing to spread the load for.
        const double EntriesPerSecond = 100_000;
        return new WarmupInstance(await AppInstance.StartAsync(
            backends,
            static services => services.AddProducts().AddOrders().AddViewMover().AddWarmers(static _ => EntriesPerSecond),
            cancellationToken));
    }

    /// <summary>A mover that goes by a given clock.</summary>
    public ViewMover MoverBy(RedisClock clock) =>
        new(_app.Get<ViewQueue>(), _app.Get<ViewLedger>(), clock, _app.Get<ViewMetrics>(), NullLogger<ViewMover>.Instance);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
