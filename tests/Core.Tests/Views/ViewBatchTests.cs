using CsCheck;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

public sealed class ViewBatchTests
{
    private static readonly Gen<ProductViews> Products = Gen.Select(
        Gen.Long[1, 9_999_999_999_999], Gen.Long[1, 9_999_999_999_999], static (product, views) => new ProductViews(product, views));

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Long[1, 1_000_000], Products.List[1, 20]).Sample(static (sequence, hour, products) =>
        {
            ViewBatch batch = new(Guid.NewGuid().ToString("N"), sequence, hour, products);
            string written = batch.Write();
            ViewBatch read = ViewBatch.Parse(written)!;
            Assert.Equal((batch.Sender, sequence, hour), (read.Sender, read.Sequence, read.Hour));
            Assert.Equal(products, read.Products);
            Assert.Equal(batch.Name, ViewBatch.NameOf(written));
        }, iter: 500);

    [Theory]
    [InlineData("")]
    [InlineData("a 1 2")]
    [InlineData("a 1 2\n")]
    [InlineData("a 1\n1 1 ")]
    [InlineData("a 1 2 3\n1 1 ")]
    [InlineData(" 1 2\n1 1 ")]
    [InlineData("a 0 2\n1 1 ")]
    [InlineData("a -1 2\n1 1 ")]
    [InlineData("a x 2\n1 1 ")]
    [InlineData("a 1 2\n1 ")]
    [InlineData("a 1 2\n1 1 1 ")]
    [InlineData("a 1 2\n1 -1 ")]
    [InlineData("a 1 2\n1 0 ")]
    [InlineData("a 1 2\n0 1 ")]
    [InlineData("a 1 2\n1  1 ")]
    [InlineData("a 1 2\n1 99999999999999999999 ")]
    [InlineData("a 1 2\n1 1.5 ")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1 2\n1 1 ")]
    public void What_is_no_batch_is_not_read(string written) => Assert.Null(ViewBatch.Parse(written));

    [Fact]
    public void No_text_is_too_odd() => Gen.String.Sample(static text =>
    {
        _ = ViewBatch.Parse(text);
        _ = ViewBatch.NameOf(text);
    }, iter: 2_000);
}
