using System;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>A sound line of the file: so many pieces of one product, bought on one invoice.</summary>
internal readonly record struct Sale(
    long Invoice,
    string StockCode,
    string Description,
    int Quantity,
    DateTime At,
    decimal UnitPrice,
    long? Customer);
