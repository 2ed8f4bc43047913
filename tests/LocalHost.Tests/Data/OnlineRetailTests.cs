using System.Globalization;
using System.IO.Compression;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.LocalHost.Tests.Data;

/// <summary>The real Online Retail set, read a second time here by other means and compared.</summary>
public sealed class OnlineRetailTests
{
    private const string Variable = "TBYTE_SALES_DATA";

    [Fact]
    public void Every_line_is_accounted_for_and_every_invoice_adds_up()
    {
        var path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(File.Exists(path), $"{Variable} names no file; it is the Online Retail CSV, plain or .gz.");
        var lines = ReadAllLines(path!);

        var sales = SalesImport.ReadFile(path!, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(lines.Count, sales.Summary.Lines);
        Assert.Equal(lines.Count, sales.Summary.Imported + sales.Summary.Rejected.Sum(count => count.Lines));
        Assert.False(sales.Summary.Damaged);

        var sound = lines.Where(IsSound).ToList();
        Assert.Equal(sound.Count, sales.Summary.Imported);
        Assert.Equal(
            sound.GroupBy(fields => fields[0]).ToDictionary(
                invoice => long.Parse(invoice.Key, CultureInfo.InvariantCulture),
                invoice => invoice.Sum(fields => Number(fields[3]) * Number(fields[5]))),
            sales.Shop.Orders.ToDictionary(order => order.Id, order => order.TotalAmount));
        Assert.Equal(
            sales.Shop.Orders.ToDictionary(order => order.Id, order => order.TotalAmount),
            sales.Shop.OrderItems
                .GroupBy(item => item.OrderId)
                .ToDictionary(order => order.Key, order => order.Sum(item => item.Quantity * item.UnitPrice)));
        Assert.Equal(
            sound.GroupBy(fields => fields[1].Trim().ToUpperInvariant()).ToDictionary(code => code.Key, code => code.LongCount()),
            sales.Shop.Products.ToDictionary(product => product.Sku, product => product.ViewCount));
        Assert.Equal(
            sound.Select(fields => fields[6]).Where(customer => customer != "").Select(Number).Distinct().Order(),
            sales.Shop.Users.Select(user => (decimal)user.Id).Order());
        Assert.Equal(
            Enumerable.Range(1, sales.Shop.Products.Count()).Select(id => (long)id),
            sales.Shop.Products.Select(product => product.Id));
    }

    // The rules of the import, said once more in the shortest way that holds for the published set.
    private static bool IsSound(string[] fields) =>
        char.IsAsciiDigit(fields[0][0])
        && (fields[1].StartsWith("DCGS", StringComparison.OrdinalIgnoreCase)
            || fields[1][..Math.Min(5, fields[1].Length)].Count(char.IsAsciiDigit) == 5)
        && Number(fields[3]) > 0
        && Number(fields[5]) > 0;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static List<string[]> ReadAllLines(string path)
    {
        using Stream file = File.OpenRead(path);
        using var unpacked = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(unpacked);
        Assert.StartsWith("InvoiceNo,", reader.ReadLine(), StringComparison.Ordinal);
        var lines = new List<string[]>();
        while (reader.ReadLine() is { } line)
            lines.Add(Split(line));
        return lines;
    }

    // Every second part between quotes is quoted: its commas are text.
    private static string[] Split(string line)
    {
        var parts = line.Split('"');
        for (var part = 1; part < parts.Length; part += 2)
            parts[part] = parts[part].Replace(',', '\u001F');
        return string.Concat(parts).Split(',');
    }
}
