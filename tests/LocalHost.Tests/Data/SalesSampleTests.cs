using System.Globalization;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.LocalHost.Tests.Data;

/// <summary>The checked-in sample: a few sound lines and every kind of bad one.</summary>
public sealed class SalesSampleTests
{
    private readonly ImportedSales _sales = SalesImport.Read(
        typeof(SalesSampleTests).Assembly.GetManifestResourceStream("sales-sample.csv")!,
        "sales-sample.csv",
        progress: null,
        TestContext.Current.CancellationToken);

    [Fact]
    public void Every_line_is_accounted_for_by_name()
    {
        Assert.Equal(31, _sales.Summary.Lines);
        Assert.Equal(5, _sales.Summary.Imported);
        Assert.Equal(
            [
                new(RejectReason.OverlongLine, 1, 18),
                new(RejectReason.BlankLine, 1, 11),
                new(RejectReason.InvalidUtf8, 1, 16),
                new(RejectReason.ControlCharacter, 1, 17),
                new(RejectReason.BadQuotes, 2, 14),
                new(RejectReason.WrongFieldCount, 2, 12),
                new(RejectReason.Cancellation, 1, 5),
                new(RejectReason.Adjustment, 1, 6),
                new(RejectReason.BadInvoiceNumber, 2, 20),
                new(RejectReason.BadStockCode, 1, 22),
                new(RejectReason.NotGoods, 2, 7),
                new(RejectReason.BadQuantity, 1, 23),
                new(RejectReason.NoQuantity, 1, 9),
                new(RejectReason.BadPrice, 3, 24),
                new(RejectReason.NoPrice, 1, 10),
                new(RejectReason.BadDate, 1, 27),
                new(RejectReason.BadCustomer, 1, 28),
                new(RejectReason.OverlongDescription, 1, 19),
                new(RejectReason.OtherCustomer, 1, 29),
                new(RejectReason.AmountTooLarge, 1, 30),
            ],
            _sales.Summary.Rejected);
    }

    [Fact]
    public void Every_reason_but_a_cut_archive_occurs() => Assert.Equal(
        Enum.GetValues<RejectReason>().Except([RejectReason.None, RejectReason.Truncated]),
        _sales.Summary.Rejected.Select(count => count.Reason));

    [Fact]
    public void Products_are_numbered_by_first_sale_and_priced_by_the_latest() => Assert.Equal(
        [
            new(1, "85123A", "WHITE HANGING HEART", "", 2.95m, 11, true, 3, At("08:37")),
            new(2, "71053", "LANTERN, WHITE \"METAL\"", "", 3.39m, 4, true, 1, At("08:26")),
            new(3, "DCGS0003", "Café £20", "", 4.00m, 12, true, 1, At("08:38")),
        ],
        _sales.Shop.Products);

    [Fact]
    public void Orders_are_invoices_and_may_be_a_guests() => Assert.Equal(
        [
            new(100001, 17850, "delivered", 6 * 2.55m + 6 * 3.39m + 2.95m, At("08:26")),
            new(100002, null, "delivered", 2 * 2.50m, At("08:28")),
            new(100009, 12583, "delivered", 4.00m, At("08:38")),
        ],
        _sales.Shop.Orders);

    [Fact]
    public void Lines_stand_in_the_order_of_the_file() => Assert.Equal(
        [
            new(100001, 1, 1, 6, 2.55m),
            new(100001, 2, 2, 6, 3.39m),
            new(100002, 1, 1, 2, 2.50m),
            new(100001, 3, 1, 1, 2.95m),
            new(100009, 1, 3, 1, 4.00m),
        ],
        _sales.Shop.OrderItems);

    [Fact]
    public void Users_are_customers() => Assert.Equal(
        [
            new(17850, "customer-17850@example.com", "Customer 17850", true, At("08:26")),
            new(12583, "customer-12583@example.com", "Customer 12583", true, At("08:38")),
        ],
        _sales.Shop.Users);

    [Fact]
    public void The_report_names_reason_count_and_first_line() =>
        Assert.Matches(@"bad-price +3 +not an amount in whole pence, or negative \(first: line 24\)", _sales.Summary.ToString());

    private static DateTime At(string time) =>
        DateTime.Parse($"2010-12-01T{time}:00Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
