using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>The first line of the Online Retail set: by it the file is known.</summary>
internal static class SalesHeader
{
    public static IReadOnlyList<string> Columns { get; } =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    public static bool Matches(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(Encoding.UTF8.Preamble))
            line = line[Encoding.UTF8.Preamble.Length..];
        var fields = new List<string>();
        return CsvLine.TrySplit(Encoding.UTF8.GetString(line), fields)
            && fields.Select(field => field.Trim()).SequenceEqual(Columns, StringComparer.OrdinalIgnoreCase);
    }
}
