using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>Products with names and prices that a gift shop could have.</summary>
internal sealed class GeneratedProducts
{
    private const int ViewsPerOrder = 50;

    private readonly GeneratorOptions _options;
    private readonly ProductRow[] _rows;

    public GeneratedProducts(GeneratorOptions options)
    {
        _options = options;
        Popularity = PopularityOf(options.Products, options.Seed);
        _rows = [.. Enumerable.Range(0, options.Products).Select(Row)];
    }

    public Popularity Popularity { get; }

    public IReadOnlyList<ProductRow> Rows => _rows;

    /// <summary>How popular the products of a shop with that seed are; item 0 is product 1.</summary>
    public static Popularity PopularityOf(int products, long seed) =>
        new(products, flattening: 4, DeterministicRandom.For(seed, RandomStream.ProductRanks, 0));

    private ProductRow Row(int index)
    {
        var random = DeterministicRandom.For(_options.Seed, RandomStream.Product, index);
        var category = random.Below(ProductWords.ByCategory.Count);
        var words = ProductWords.ByCategory[category];
        var noun = random.Pick<string>(words.Nouns);
        var style = random.Pick(ProductWords.Styles);
        var material = random.Pick(ProductWords.Materials);
        var motif = random.Pick(ProductWords.Motifs);
        var remark = random.Pick(ProductWords.Remarks);
        return new ProductRow(
            Id: index + 1,
            Sku: string.Create(CultureInfo.InvariantCulture, $"{words.Prefix}-{index + 1:00000}"),
            Name: $"{style} {material} {noun} {motif}",
            Description: $"{style} {noun.ToLowerInvariant()} in {material.ToLowerInvariant()}, {motif.ToLowerInvariant()} design. {remark}",
            Price: Money.OfPence(Pence(ref random)),
            CategoryId: category + 1,
            Available: !random.Chance(2),
            ViewCount: Views(index),
            UpdatedAt: _options.Until.AddSeconds(-random.Below(365 * 24 * 60 * 60)));
    }

    // Most things cost a few pounds, a few cost much: the smaller of two draws, and every price ends in 5 or 9.
    private static int Pence(ref DeterministicRandom random)
    {
        var pounds = Math.Min(random.Below(60), random.Below(60));
        return pounds * 100 + random.Below(10) * 10 + (random.Chance(50) ? 5 : 9);
    }

    // Looked at in proportion to how often it is bought.
    private long Views(int index) =>
        (long)((UInt128)Popularity.WeightOf(index) * (ulong)_options.Orders * ViewsPerOrder / Popularity.Total);
}
