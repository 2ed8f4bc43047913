namespace TByte.Functions.Products;

/// <summary>A product as clients see it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Sku">Stock-keeping unit.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Price">Price, two decimals.</param>
/// <param name="CategoryId">The category it belongs to.</param>
/// <param name="Available">Whether it can be bought.</param>
/// <param name="Version">Grows with every write.</param>
/// <param name="UpdatedAt">When it was written last.</param>
public sealed record Product(
    long Id, string Sku, string Name, string Description, decimal Price, long CategoryId, bool Available, long Version, DateTimeOffset UpdatedAt);

/// <summary>What a client may change of a product.</summary>
/// <param name="Name">1 to 200 characters, no control characters.</param>
/// <param name="Price">0 to 9,999,999,999.99, at most two decimals.</param>
public sealed record ProductChange(string Name, decimal Price);
