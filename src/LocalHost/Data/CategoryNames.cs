using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data;

/// <summary>The shop's departments; a category's id is its position here, counted from 1.</summary>
internal static class CategoryNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Christmas",
        "Jewellery",
        "Bags and purses",
        "Lighting and candles",
        "Kitchen and dining",
        "Garden",
        "Toys and games",
        "Stationery and cards",
        "Textiles",
        "Storage",
        "Wall and home decor",
        "Other gifts",
    ];
}
