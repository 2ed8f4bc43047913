using System.Globalization;
using System.Text.Json;
using NpgsqlTypes;
using TByte.Functions.Caching;
using TByte.Functions.Paging;
using TByte.Functions.Postgres;
using TByte.Functions.Views;

namespace TByte.Functions.Products;

/// <summary>What came of a write to the catalogue.</summary>
/// <param name="Written">The product as it is now; null when nothing was written.</param>
/// <param name="Exists">False when there is no such product; true without <paramref name="Written"/> when the precondition did not hold.</param>
public readonly record struct ProductUpdate(Representation? Written, bool Exists);

/// <summary>The shop's products, read through the cache and written to the database.</summary>
public sealed class ProductCatalog
{
    private readonly ProductStore _store;
    private readonly ReadThroughCache _cache;
    private readonly ViewCounter _views;
    private readonly CachePolicy _products;
    private readonly CachePolicy _pages;

    internal ProductCatalog(ProductStore store, ReadThroughCache cache, ViewCounter views, CacheOptions options)
    {
        _store = store;
        _cache = cache;
        _views = views;
        _products = new CachePolicy("product", options.ProductLife, IsVersioned: true);
        Warmed = _products with { Life = options.WarmedLife };
        _pages = new CachePolicy("product-page", options.ProductPageLife, IsVersioned: false);
    }

    /// <summary>How a product is kept that was warmed.</summary>
    internal CachePolicy Warmed { get; }

    /// <summary>Reads one product from this instance's memory, without waiting, and counts the view; false when it has nothing fresh.</summary>
    public bool TryGet(long id, out CacheAnswer answer)
    {
        bool found = _cache.TryGet(_products, Id(id), (_store, id), LoadAsync, out answer);
        if (found)
            CountView(id, answer);
        return found;
    }

    /// <summary>Reads one product and counts the view.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not cached and cannot be read at the moment.</exception>
    public async ValueTask<CacheAnswer> GetAsync(long id, CancellationToken cancellationToken)
    {
        CacheAnswer answer = await _cache.GetAsync(_products, Id(id), (_store, id), LoadAsync, cancellationToken).ConfigureAwait(false);
        CountView(id, answer);
        return answer;
    }

    /// <summary>Reads a page of products.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not cached and cannot be read at the moment.</exception>
    public ValueTask<CacheAnswer> GetPageAsync(ProductPageQuery query, CancellationToken cancellationToken) =>
        _cache.GetAsync(_pages, query.CacheId, (_store, query), static async (call, _) =>
            Represent(await call._store.FindPageAsync(call.query), call.query.Limit), cancellationToken);

    /// <summary>Writes a product. From its return on, no instance that can be reached answers with the row before.</summary>
    /// <param name="id">The product.</param>
    /// <param name="change">What to write; already checked.</param>
    /// <param name="versions">Write only over one of these versions; null to write over any.</param>
    /// <remarks>Takes no token: a write that has begun is also told to the other instances, whoever is still waiting for it.</remarks>
    /// <exception cref="DatabaseUnavailableException">Nothing was written, or the outcome is not known; the message says which.</exception>
    public async Task<ProductUpdate> UpdateAsync(long id, ProductChange change, long[]? versions)
    {
        (ProductWrite result, Product? product, NpgsqlLogSequenceNumber position) = await _store.UpdateAsync(id, change, versions);
        if (product is null)
            return new ProductUpdate(null, Exists: result == ProductWrite.VersionMismatch);

        Representation written = Represent(product);
        await _cache.WrittenAsync(_products, Id(id), written, position);
        return new ProductUpdate(written, Exists: true);
    }

    /// <summary>The products of these ids, without those that do not exist.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be read at the moment.</exception>
    internal async Task<IReadOnlyDictionary<long, Representation>> LoadAsync(long[] ids, CancellationToken cancellationToken) =>
        (await _store.FindAsync(ids, cancellationToken)).ToDictionary(static product => product.Id, Represent);

    /// <summary>The name of a product's cache entry.</summary>
    internal static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    // What does not exist is no product, and its number could be any.
    private void CountView(long id, in CacheAnswer answer)
    {
        if (answer.Representation is not null)
            _views.Add(id);
    }

    private static async Task<Representation?> LoadAsync((ProductStore Store, long Id) product, NpgsqlLogSequenceNumber atLeast) =>
        await product.Store.FindAsync(product.Id, atLeast) is { } found ? Represent(found) : null;

    private static Representation Represent(Product product) =>
        new(JsonSerializer.SerializeToUtf8Bytes(product, ProductJson.Default.Product), product.Version);

    private static Representation Represent(List<Product> products, int limit)
    {
        bool more = products.Count > limit;
        if (more)
            products.RemoveRange(limit, products.Count - limit);
        string? next = more ? Cursor.Write(new ProductCursor(products[^1].Price, products[^1].Id)) : null;
        return new(JsonSerializer.SerializeToUtf8Bytes(new Page<Product>(products, next), ProductJson.Default.PageProduct), version: 0);
    }
}
