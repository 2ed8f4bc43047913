using TByte.Functions.Orders;
using TByte.Functions.Postgres;

namespace TByte.Functions.Warming;

/// <summary>
/// Puts the order lists of active users into Redis. A list is as fresh as one that a reader has loaded, seconds; what warming adds is
/// that it is there to stand in when the database does not answer.
/// </summary>
public sealed class OrderListWarmer
{
    private readonly OrderHistory _orders;
    private readonly CacheWarmer _warmer;

    internal OrderListWarmer(OrderHistory orders, CacheWarmer warmer)
    {
        _orders = orders;
        _warmer = warmer;
    }

    /// <summary>Warms the first pages of those who have ordered of late, the last one first.</summary>
    /// <param name="within">How long ago at most.</param>
    /// <param name="most">How many users at most.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    public async Task<WarmingReport> WarmAsync(TimeSpan within, int most, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> users;
        try
        {
            users = await _orders.RecentUsersAsync(within, most, cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseUnavailableException unavailable)
        {
            return new WarmingReport(0, 0, 0, unavailable.Message);
        }

        return await _warmer.WarmAsync(
            users, _orders.Lists, OrderHistory.FirstListId, TimeSpan.Zero, _orders.LoadFirstPagesAsync, cancellationToken).ConfigureAwait(false);
    }
}
