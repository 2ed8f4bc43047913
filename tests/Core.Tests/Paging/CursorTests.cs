using CsCheck;
using TByte.Functions.Paging;
using TByte.Functions.Products;

namespace TByte.Functions.Core.Tests.Paging;

public class CursorTests
{
    [Fact]
    public void A_product_cursor_comes_back_as_it_was() =>
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Long[1, long.MaxValue]).Sample((hundredths, id) =>
            Cursor.TryRead(Cursor.Write(new ProductCursor(hundredths / 100m, id)), out ProductCursor read)
            && read == new ProductCursor(hundredths / 100m, id));

    [Fact]
    public void A_time_cursor_comes_back_as_it_was() =>
        Gen.Select(Gen.Long[0, 3_000_000_000_000_000], Gen.Long[1, long.MaxValue]).Sample((microseconds, id) =>
        {
            DateTimeOffset time = DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
            return Cursor.TryRead(Cursor.Write(time, id), out DateTimeOffset readTime, out long readId) && readTime == time && readId == id;
        });

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.String.Sample(text =>
        {
            Cursor.TryRead(text, out ProductCursor _);
            Cursor.TryRead(text, out DateTimeOffset _, out _);
        });

    [Fact]
    public void A_cursor_of_another_list_is_refused()
    {
        Assert.False(Cursor.TryRead(Cursor.Write(DateTimeOffset.UnixEpoch.AddDays(1), 1), out ProductCursor _));
        Assert.False(Cursor.TryRead(Cursor.Write(new ProductCursor(1, 1)), out DateTimeOffset _, out _));
    }

    [Fact]
    public void Any_bytes_of_the_right_length_are_read_or_refused() =>
        Gen.Byte.Array[17, 17].Sample(bytes =>
        {
            string text = System.Buffers.Text.Base64Url.EncodeToString(bytes);
            return (!Cursor.TryRead(text, out ProductCursor product) || product is { Id: > 0, Price: >= 0 })
                && (!Cursor.TryRead(text, out DateTimeOffset time, out long id) || (time >= DateTimeOffset.UnixEpoch && id > 0));
        });
}
