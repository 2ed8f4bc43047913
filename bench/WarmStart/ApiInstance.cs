using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Products;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.WarmStart;

/// <summary>An instance that answers reads of products. It counts views; they get nowhere unless somebody sends them.</summary>
internal sealed class ApiInstance : IAsyncDisposable
{
    private readonly AppInstance _app;

    private ApiInstance(AppInstance app, int warmed)
    {
        _app = app;
        Warmed = warmed;
    }

    /// <summary>Products that were in its memory before it was read.</summary>
    public int Warmed { get; }

    public ProductCatalog Catalog => _app.Get<ProductCatalog>();

    /// <summary>Starts it as the app starts: it takes traffic when it is warmed up.</summary>
    public static async Task<ApiInstance> StartAsync(Backends backends, CancellationToken cancellationToken)
    {
        AppInstance app = await AppInstance.StartAsync(
            backends, static services => services.AddProducts().AddInstanceWarmup(), cancellationToken);
        InstanceReadiness readiness = await app.Get<InstanceWarmup>().RunAsync(cancellationToken);
        return new ApiInstance(app, readiness.Entries);
    }

    /// <summary>A sender of its views that goes by a given clock, and sends only when it is told to.</summary>
    public ViewSender SenderBy(RedisClock clock) => new(
        _app.Get<ViewCounter>(),
        new ViewQueue(_app.Get<RedisGate>(), _app.Get<ViewMetrics>()),
        new ViewOptions(),
        clock,
        TimeProvider.System,
        _app.Get<ViewMetrics>(),
        NullLogger<ViewSender>.Instance);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
