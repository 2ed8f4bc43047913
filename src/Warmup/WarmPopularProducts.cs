using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>Keeps the most popular products in Redis, so that a cold cache is not filled by the readers' queries.</summary>
public sealed class WarmPopularProducts(ProductWarmer warmer, WarmupOptions options, WarmingRun run)
{
    /// <summary>Runs by the schedule in the setting <c>WarmPopularProductsSchedule</c>; running it twice does no harm.</summary>
    [Function(nameof(WarmPopularProducts))]
    public Task RunAsync([TimerTrigger("%WarmPopularProductsSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        run.ReportAsync(nameof(WarmPopularProducts), timer, () => options.Popularity == Popularity.Recent
            ? warmer.WarmRecentAsync(options.Products, options.LeftAtLeast, cancellationToken)
            : warmer.WarmAllTimeAsync(options.Products, options.MinViews, options.LeftAtLeast, cancellationToken));
}
