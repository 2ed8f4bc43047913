using System.Globalization;

namespace TByte.Functions.Products;

/// <summary>A page of the products that can be bought, cheapest first.</summary>
public sealed record ProductPageQuery
{
    /// <summary>Products on a page at most.</summary>
    public const int MostItems = 100;

    /// <summary>Only products of this category.</summary>
    public long? Category { get; init; }

    /// <summary>Lowest price, inclusive.</summary>
    public decimal? MinPrice { get; init; }

    /// <summary>Highest price, inclusive.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>Products on the page, 1 to <see cref="MostItems"/>.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>Where the page before ended; null for the first page.</summary>
    public ProductCursor? After { get; init; }

    /// <summary>The same for every way to write the same query, so that they share one cache entry.</summary>
    internal string CacheId => string.Create(
        CultureInfo.InvariantCulture, $"{Category}:{MinPrice:0.00}:{MaxPrice:0.00}:{Limit}:{After?.Price:0.00}:{After?.Id}");
}

/// <summary>The last product of a page.</summary>
public readonly record struct ProductCursor(decimal Price, long Id);
