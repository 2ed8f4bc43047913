using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Views;

/// <summary>A product and how often it was read.</summary>
internal readonly record struct ProductViews(long Product, long Views);

/// <summary>
/// Counts reads of products until they are taken: one look-up and one atomic addition a read, and no lock. Each read is taken
/// exactly once.
/// </summary>
internal sealed class ViewCounter(ViewMetrics metrics, int mostProducts = ViewCounter.MostProducts)
{
    /// <summary>Products that are counted at once; further ones are not, and that is reported.</summary>
    public const int MostProducts = 100_000;

    private readonly ConcurrentDictionary<long, Count> _products = new();
    private int _size;

    /// <summary>Counts one read.</summary>
    public void Add(long product)
    {
        while (true)
        {
            if (!_products.TryGetValue(product, out Count? count) && !TryAddProduct(product, out count))
            {
                metrics.Dropped(1);
                return;
            }

            if (count.TryAdd())
                return;
        }
    }

    /// <summary>Takes what was counted since the last time. Only one caller at a time.</summary>
    public List<ProductViews> Take()
    {
        List<ProductViews> taken = [];
        foreach ((long product, Count count) in _products)
        {
            if (count.Take() is > 0 and var views)
                taken.Add(new ProductViews(product, views));
            else if (count.TryClose() && _products.TryRemove(KeyValuePair.Create(product, count)))
                Interlocked.Decrement(ref _size);
        }

        return taken;
    }

    private bool TryAddProduct(long product, [NotNullWhen(true)] out Count? count)
    {
        count = null;
        if (Volatile.Read(ref _size) >= mostProducts)
            return false;

        Count added = new();
        count = _products.GetOrAdd(product, added);
        if (ReferenceEquals(count, added))
            Interlocked.Increment(ref _size);
        return true;
    }

    private sealed class Count
    {
        // So far from zero that no number of reads gets it back.
        private const long Closed = long.MinValue;

        private long _views;

        /// <summary>False when it is closed: the next look-up finds another one.</summary>
        public bool TryAdd() => Interlocked.Increment(ref _views) > 0;

        public long Take() => Interlocked.Exchange(ref _views, 0);

        /// <summary>Closes it unless something was added; from here on nothing is.</summary>
        public bool TryClose() => Interlocked.CompareExchange(ref _views, Closed, 0) == 0;
    }
}
