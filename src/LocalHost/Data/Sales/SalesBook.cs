using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>
/// Books sales as a shop's rows. An order's id is its InvoiceNo and a user's its CustomerID; products are numbered from 1 in the
/// order of their first sale, and their sku is the upper-case StockCode. An order has its first line's time; its customer is the
/// first that a line names, or nobody. Sales that stood are delivered.
/// </summary>
internal sealed class SalesBook : IShopData
{
    private readonly List<ProductTally> _products = [];
    private readonly Dictionary<string, int> _productsByCode = [];
    private readonly List<Order> _orders = [];
    private readonly Dictionary<long, int> _ordersByInvoice = [];
    private readonly List<Item> _items = [];

    /// <summary>Books the sale, or names the reason why it does not fit what was booked before.</summary>
    public RejectReason TryAdd(in Sale sale)
    {
        var known = _ordersByInvoice.TryGetValue(sale.Invoice, out var index);
        var order = known ? _orders[index] : new Order(sale.Invoice, sale.Customer, sale.At, Lines: 0, Total: 0);
        if (order.Customer is not null && sale.Customer is not null && order.Customer != sale.Customer)
            return RejectReason.OtherCustomer;

        var total = order.Total + sale.Quantity * sale.UnitPrice;
        if (total > Money.Greatest)
            return RejectReason.AmountTooLarge;

        order = order with { Customer = order.Customer ?? sale.Customer, Lines = order.Lines + 1, Total = total };
        if (known)
            _orders[index] = order;
        else
            Open(order);
        _items.Add(new Item(order.Invoice, order.Lines, Tally(sale), sale.Quantity, sale.UnitPrice));
        return RejectReason.None;
    }

    public IEnumerable<CategoryRow> Categories => CategoryNames.All.Select((name, index) => new CategoryRow(index + 1, name));

    public IEnumerable<UserRow> Users => _orders
        .Where(order => order.Customer is not null)
        .GroupBy(order => order.Customer!.Value, (customer, orders) => (Customer: customer, Since: orders.Min(order => order.At)))
        .Select(user => new UserRow(
            user.Customer,
            string.Create(CultureInfo.InvariantCulture, $"customer-{user.Customer}@example.com"),
            string.Create(CultureInfo.InvariantCulture, $"Customer {user.Customer}"),
            Active: true,
            user.Since));

    public IEnumerable<ProductRow> Products => _products.Select((product, index) => product.ToRow(index + 1));

    public IEnumerable<OrderRow> Orders =>
        _orders.Select(order => new OrderRow(order.Invoice, order.Customer, "delivered", order.Total, order.At));

    public IEnumerable<OrderItemRow> OrderItems =>
        _items.Select(item => new OrderItemRow(item.Invoice, item.Line, item.Product + 1, item.Quantity, item.UnitPrice));

    private void Open(Order order)
    {
        _ordersByInvoice.Add(order.Invoice, _orders.Count);
        _orders.Add(order);
    }

    private int Tally(in Sale sale)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_productsByCode, sale.StockCode, out var known);
        if (!known)
        {
            index = _products.Count;
            _products.Add(new ProductTally(sale.StockCode));
        }

        _products[index].Add(sale);
        return index;
    }

    private readonly record struct Order(long Invoice, long? Customer, DateTime At, int Lines, decimal Total);

    private readonly record struct Item(long Invoice, int Line, int Product, int Quantity, decimal UnitPrice);
}
