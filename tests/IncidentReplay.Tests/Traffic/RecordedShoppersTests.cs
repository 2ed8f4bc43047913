using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.LocalHost.Data;

namespace TByte.Functions.IncidentReplay.Tests.Traffic;

public sealed class RecordedShoppersTests : IDisposable
{
    private const string Sales = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        536366,22633,HAND WARMER,6,2010-12-01 08:28:00,1.85,17850,United Kingdom
        536365,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,13047,United Kingdom
        536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,13047,United Kingdom
        536367,85123A,HOLDER,32,2010-12-01 08:34:00,2.55,,United Kingdom
        C536379,85123A,HOLDER,-1,2010-12-01 09:41:00,2.55,17850,United Kingdom
        """;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Sales_are_read_in_the_order_in_which_they_were_made_and_again_from_the_start()
    {
        File.WriteAllText(_file, Sales);

        IShoppers shoppers = RecordedShoppers.Read(_file, TestContext.Current.CancellationToken).In(products: 100, customers: 50);

        // The older order first; a return is no sale, and who is not known does not look at their orders.
        Assert.Equal([0, 1, 2, 0, 0, 1], Enumerable.Range(0, 6).Select(shoppers.Product));
        Assert.Equal([0, 1, 0], Enumerable.Range(0, 3).Select(shoppers.Customer));
    }

    [Fact]
    public void On_a_smaller_shop_they_are_spread_over_what_there_is()
    {
        File.WriteAllText(_file, Sales);

        IShoppers shoppers = RecordedShoppers.Read(_file, TestContext.Current.CancellationToken).In(products: 2, customers: 1);

        Assert.Equal([0, 1, 0, 0], Enumerable.Range(0, 4).Select(shoppers.Product));
        Assert.Equal([0, 0], Enumerable.Range(0, 2).Select(shoppers.Customer));
    }

    [Fact]
    public void What_is_no_sales_file_is_refused()
    {
        File.WriteAllText(_file, "a,b\n1,2\n");

        Assert.Throws<SeedException>(() => RecordedShoppers.Read(_file, TestContext.Current.CancellationToken));
    }

    public void Dispose() => File.Delete(_file);
}
