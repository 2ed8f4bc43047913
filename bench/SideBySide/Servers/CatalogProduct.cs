using System.ComponentModel;
using TByte.Functions.Products;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>A peer's product. Marked immutable, which spares HybridCache a copy by JSON for every hit.</summary>
[ImmutableObject(true)]
internal sealed record CatalogProduct(
    long Id, string Sku, string Name, string Description, decimal Price, long CategoryId, bool Available, long Version, DateTimeOffset UpdatedAt)
{
    public static async Task<CatalogProduct?> FindAsync(ProductStore products, long id) =>
        await products.FindAsync(id) is { } found
            ? new CatalogProduct(
                found.Id, found.Sku, found.Name, found.Description, found.Price, found.CategoryId, found.Available, found.Version, found.UpdatedAt)
            : null;
}
