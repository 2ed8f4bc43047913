using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.LocalHost.Tests.Data;

public sealed class SalesImportTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    private const string SoundLine = "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n";

    // Bytes of any value, those with a meaning in CSV and whole sound fields, in any order.
    private static readonly Gen<byte[]> Soup = Gen.OneOf(
            Gen.Byte.Array[0, 4],
            Gen.OneOf("\n", "\r\n", ",", "\"", "\"\"", ",\"", "\",", "\0", "é", "\uFEFF").Select(Encoding.UTF8.GetBytes),
            Gen.OneOf("536365", "C1", "85123A", "POST", "6", "-1", "2.55", "2010-12-01 08:26:00", SoundLine).Select(Encoding.UTF8.GetBytes),
            Gen.Const(Encoding.UTF8.GetBytes(new string('x', 5000))))
        .Array[0, 60]
        .Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public void Any_bytes_are_lines_that_are_imported_or_rejected() => Soup.Sample(soup =>
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(Header + SoundLine), .. soup];

        var summary = Read(file).Summary;

        var lines = file.Count(b => b == '\n') - 1 + (file[^1] == '\n' ? 0 : 1);
        Assert.Equal(lines, summary.Lines);
        Assert.Equal(lines, summary.Imported + summary.Rejected.Sum(count => count.Lines));
    }, iter: 3000);

    [Fact]
    public void Any_bytes_in_place_of_the_file_are_an_error_that_says_so() => Soup.Sample(soup =>
        Assert.Contains("is not the Online Retail set", Assert.Throws<SeedException>(() => Read(soup)).Message, StringComparison.Ordinal));

    [Fact]
    public void An_archive_cut_anywhere_or_bent_is_reported()
    {
        var archive = Zip(Header + string.Concat(Enumerable.Range(0, 2000).Select(Line)));

        Gen.Select(Gen.Int[200, archive.Length], Gen.Int[200, archive.Length - 1], Gen.Byte).Sample((length, bent, value) =>
        {
            var damaged = archive[..length];
            if (bent < length)
                damaged[bent] ^= value;

            try
            {
                var summary = Read(damaged).Summary;
                Assert.Equal(summary.Lines, summary.Imported + summary.Rejected.Sum(count => count.Lines));
                Assert.True(summary.Damaged || (summary.Lines == 2000 && summary.Imported == 2000));
            }
            catch (SeedException exception)
            {
                // So early that not even the header or one line is left.
                Assert.Matches("damaged archive|not the Online Retail set|no line that can be imported", exception.Message);
            }
        }, iter: 300);
    }

    [Fact]
    public void The_cut_line_of_an_archive_is_named()
    {
        var archive = Zip(Header + string.Concat(Enumerable.Range(0, 2000).Select(Line)));

        var summary = Read(archive[..(archive.Length / 2)]).Summary;

        Assert.True(summary.Damaged);
        var (reason, lines, firstLine) = Assert.Single(summary.Rejected);
        Assert.Equal((RejectReason.Truncated, 1L, summary.Lines + 1), (reason, lines, firstLine));
        Assert.Contains("lines are missing", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_archive_is_not_damaged()
    {
        var sales = Read(Zip("\uFEFF" + Header + SoundLine));

        Assert.False(sales.Summary.Damaged);
        Assert.Equal(1, sales.Summary.Imported);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("id,name\n1,x\n")]
    [InlineData("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID\n")]
    [InlineData("PK\u0003\u0004 a spreadsheet")]
    public void Another_file_is_refused(string text) => Assert.Contains(
        "InvoiceNo,StockCode",
        Assert.Throws<SeedException>(() => Read(Encoding.UTF8.GetBytes(text))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_file_without_a_sound_line_is_refused_with_its_account() => Assert.Contains(
        "blank-line",
        Assert.Throws<SeedException>(() => Read(Encoding.UTF8.GetBytes(Header + "\n"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_cancelled_import_stops()
    {
        var file = Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(SoundLine, 100_000)));

        Assert.Throws<OperationCanceledException>(
            () => SalesImport.Read(new MemoryStream(file), "sales.csv", null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_guests_invoice_takes_the_customer_that_a_later_line_names()
    {
        var sales = Read(Encoding.UTF8.GetBytes(Header + SoundLine.Replace("17850.0", "", StringComparison.Ordinal) + SoundLine));

        Assert.Equal(17850, Assert.Single(sales.Shop.Orders).UserId);
    }

    [Fact]
    public void Fields_written_by_the_rules_are_read_back() =>
        Gen.String[Gen.OneOf("aZ0é\", ".ToCharArray()), 0, 8].Array[1, 10].Sample(fields =>
        {
            var line = string.Join(',', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            var read = new List<string>();

            Assert.True(CsvLine.TrySplit(line, read));
            Assert.Equal(fields, read);
        });

    private static string Line(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{540000 + number / 3},{10000 + number * 7919 % 80000},PRODUCT {number % 97},{number % 12 + 1},"
            + $"2011-01-01 10:00:00,{number % 50 + 1}.25,,France\n");

    private static ImportedSales Read(byte[] file) =>
        SalesImport.Read(new MemoryStream(file), "sales.csv", progress: null, TestContext.Current.CancellationToken);

    private static byte[] Zip(string text)
    {
        using var archive = new MemoryStream();
        using (var zip = new GZipStream(archive, CompressionLevel.Optimal))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return archive.ToArray();
    }
}
