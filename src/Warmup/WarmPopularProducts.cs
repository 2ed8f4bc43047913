using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using TByte.Functions.Postgres;
using TByte.Functions.Products;

namespace TByte.Functions.Warmup;

/// <summary>Puts the most viewed products into Redis, so that a cold cache is not filled by the readers' queries.</summary>
public sealed class WarmPopularProducts(ProductCatalog catalog, WarmupOptions options, ILogger<WarmPopularProducts> logger)
{
    /// <summary>Runs by the schedule in the setting <c>WarmPopularProductsSchedule</c>; running it twice does no harm.</summary>
    [Function(nameof(WarmPopularProducts))]
    public async Task RunAsync([TimerTrigger("%WarmPopularProductsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            WarmedProducts warmed = await catalog.WarmPopularAsync(options.Products, cancellationToken);
            logger.LogInformation("Warmed {Stored} of {Found} popular products{Late}", warmed.Stored, warmed.Found, timer.IsPastDue ? ", late" : "");
        }
        catch (DatabaseUnavailableException unavailable)
        {
            logger.LogWarning("No product was warmed: {Error}", unavailable.Message);
        }
    }
}
