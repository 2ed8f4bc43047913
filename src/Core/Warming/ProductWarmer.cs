using TByte.Functions.Postgres;
using TByte.Functions.Products;

namespace TByte.Functions.Warming;

/// <summary>Puts products into Redis before they are read.</summary>
public sealed class ProductWarmer
{
    private readonly ProductCatalog _catalog;
    private readonly ProductRanking _ranking;
    private readonly HotSet _hotSet;
    private readonly CacheWarmer _warmer;

    internal ProductWarmer(ProductCatalog catalog, ProductRanking ranking, HotSet hotSet, CacheWarmer warmer)
    {
        _catalog = catalog;
        _ranking = ranking;
        _hotSet = hotSet;
        _warmer = warmer;
    }

    /// <summary>Warms the products that are read most of late, and tells new instances which they are.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="freshFor">An entry that is fresh for that long is left alone.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    public Task<WarmingReport> WarmRecentAsync(int most, TimeSpan freshFor, CancellationToken cancellationToken) =>
        WarmHotAsync(_ranking.RecentAsync(most, cancellationToken), freshFor, cancellationToken);

    /// <summary>The same for the products with the most views ever, of those with more than so many.</summary>
    /// <inheritdoc cref="WarmRecentAsync"/>
    public Task<WarmingReport> WarmAllTimeAsync(int most, long moreThan, TimeSpan freshFor, CancellationToken cancellationToken) =>
        WarmHotAsync(_ranking.AllTimeAsync(most, moreThan, cancellationToken), freshFor, cancellationToken);

    /// <summary>Warms the products that were read most in such hours before.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="hours">The hours.</param>
    /// <param name="leastHours">A product that was read in fewer of them is not warmed.</param>
    /// <param name="freshFor">An entry that is fresh for that long is left alone.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    public Task<WarmingReport> WarmForHoursAsync(
        int most, IReadOnlyList<WeightedHour> hours, int leastHours, TimeSpan freshFor, CancellationToken cancellationToken) =>
        WarmAsync(_ranking.InHoursAsync(most, hours, leastHours, cancellationToken), static _ => default, freshFor, cancellationToken);

    private Task<WarmingReport> WarmHotAsync(Task<IReadOnlyList<long>> ranking, TimeSpan freshFor, CancellationToken cancellationToken) =>
        WarmAsync(ranking, async products => await _hotSet.WriteAsync(products).ConfigureAwait(false), freshFor, cancellationToken);

    private async Task<WarmingReport> WarmAsync(
        Task<IReadOnlyList<long>> ranking, Func<IReadOnlyList<long>, ValueTask> ranked, TimeSpan freshFor, CancellationToken cancellationToken)
    {
        IReadOnlyList<long> products;
        try
        {
            products = await ranking.ConfigureAwait(false);
        }
        catch (DatabaseUnavailableException unavailable)
        {
            return new WarmingReport(0, 0, 0, unavailable.Message);
        }

        await ranked(products).ConfigureAwait(false);
        return await _warmer.WarmAsync(
            products, _catalog.Warmed, ProductCatalog.Id, freshFor, _catalog.LoadAsync, cancellationToken).ConfigureAwait(false);
    }
}
