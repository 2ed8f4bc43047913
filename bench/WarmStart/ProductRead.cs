using TByte.Functions.LocalHost.Data;

namespace TByte.Functions.WarmStart;

/// <summary>A product is read.</summary>
internal readonly record struct ProductRead(DateTimeOffset At, long Product)
{
    /// <summary>A shop's sales as reads of what was sold: one for each order line, in the order of the sales.</summary>
    public static IReadOnlyList<ProductRead> OfSales(IShopData shop)
    {
        Dictionary<long, DateTime> times = shop.Orders.ToDictionary(static order => order.Id, static order => order.CreatedAt);
        return [.. shop.OrderItems.Select(item => new ProductRead(times[item.OrderId], item.ProductId)).OrderBy(static read => read.At)];
    }
}
