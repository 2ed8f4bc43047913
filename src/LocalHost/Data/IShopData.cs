using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data;

/// <summary>The rows of a whole shop, each table in the order in which it is written. Every enumeration gives the same rows.</summary>
internal interface IShopData
{
    IEnumerable<CategoryRow> Categories { get; }

    IEnumerable<UserRow> Users { get; }

    IEnumerable<ProductRow> Products { get; }

    IEnumerable<OrderRow> Orders { get; }

    IEnumerable<OrderItemRow> OrderItems { get; }
}
