using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>Keeps the order lists of active users in Redis, to answer with when the database does not.</summary>
public sealed class WarmRecentCustomers(OrderListWarmer warmer, WarmupOptions options, WarmingRun run)
{
    /// <summary>Runs by the schedule in the setting <c>WarmRecentCustomersSchedule</c>; running it twice does no harm.</summary>
    [Function(nameof(WarmRecentCustomers))]
    public Task RunAsync([TimerTrigger("%WarmRecentCustomersSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
        run.ReportAsync(nameof(WarmRecentCustomers), timer, () =>
            warmer.WarmAsync(options.CustomersWithin, options.Customers, cancellationToken));
}
