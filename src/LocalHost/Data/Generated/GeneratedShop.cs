using System.Collections.Generic;
using System.Linq;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>A shop made up from a seed: skewed as real trade is, and the same on every machine.</summary>
internal sealed class GeneratedShop : IShopData
{
    private readonly GeneratedProducts _products;
    private readonly GeneratedUsers _users;
    private readonly GeneratedOrders _orders;

    public GeneratedShop(GeneratorOptions options)
    {
        options.Validate();
        _products = new GeneratedProducts(options);
        _users = new GeneratedUsers(options);
        _orders = new GeneratedOrders(options, _products, _users);
    }

    public IEnumerable<CategoryRow> Categories => CategoryNames.All.Select((name, index) => new CategoryRow(index + 1, name));

    public IEnumerable<UserRow> Users => _users.Rows;

    public IEnumerable<ProductRow> Products => _products.Rows;

    public IEnumerable<OrderRow> Orders => _orders.Rows;

    public IEnumerable<OrderItemRow> OrderItems => _orders.Items;
}
