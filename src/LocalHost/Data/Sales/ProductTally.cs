using System;
using System.Collections.Generic;
using System.Linq;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>
/// What the sales tell about one product: its name is the description used most often (the first of equals; the code when there
/// is none), its price the latest one paid, and each line is one view.
/// </summary>
internal sealed class ProductTally(string stockCode)
{
    private readonly Dictionary<string, int> _names = [];
    private decimal _price;
    private DateTime _pricedAt;
    private long _views;

    public void Add(in Sale sale)
    {
        _views++;
        if (sale.Description.Length > 0)
            _names[sale.Description] = _names.GetValueOrDefault(sale.Description) + 1;
        if (sale.At >= _pricedAt)
            (_price, _pricedAt) = (sale.UnitPrice, sale.At);
    }

    public ProductRow ToRow(long id)
    {
        // A dictionary from which nothing is removed keeps the order of insertion, and MaxBy the first of equals.
        var name = _names.Count == 0 ? stockCode : _names.MaxBy(pair => pair.Value).Key;
        return new ProductRow(id, stockCode, name, Description: "", _price, SalesCategories.IdOf(name), Available: true, _views, _pricedAt);
    }
}
