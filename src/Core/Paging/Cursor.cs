using System.Buffers.Binary;
using System.Buffers.Text;
using TByte.Functions.Products;

namespace TByte.Functions.Paging;

/// <summary>
/// Writes and reads the opaque text between two pages: a format byte, then two 64-bit numbers, in base64url.
/// Nothing in it is secret and nothing in it is trusted.
/// </summary>
public static class Cursor
{
    private const int Length = 1 + 2 * sizeof(long);
    private const byte ByPrice = 1;
    private const byte ByTime = 2;

    // Products cost less than 10^10, so that the price in hundredths fits easily.
    private const decimal MostPrice = 9_999_999_999.99m;

    /// <summary>The cursor behind a product.</summary>
    public static string Write(ProductCursor after) => Write(ByPrice, (long)(after.Price * 100), after.Id);

    /// <summary>The cursor behind something with a time and a number, such as an order.</summary>
    public static string Write(DateTimeOffset time, long id) => Write(ByTime, time.UtcTicks, id);

    /// <summary>False when the text is no cursor of a page of products.</summary>
    public static bool TryRead(string text, out ProductCursor after)
    {
        bool read = TryRead(ByPrice, text, out long hundredths, out long id) && hundredths is >= 0 and <= (long)(MostPrice * 100);
        after = read ? new ProductCursor(hundredths / 100m, id) : default;
        return read;
    }

    /// <summary>False when the text is no cursor of a list by time.</summary>
    public static bool TryRead(string text, out DateTimeOffset time, out long id)
    {
        bool read = TryRead(ByTime, text, out long ticks, out id)
            && ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks;
        time = read ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return read;
    }

    private static string Write(byte format, long first, long second)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = format;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], first);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], second);
        return Base64Url.EncodeToString(bytes);
    }

    private static bool TryRead(byte format, string text, out long first, out long second)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bool read = text.Length == Base64Url.GetEncodedLength(Length)
            && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text, bytes) == Length && bytes[0] == format;
        first = read ? BinaryPrimitives.ReadInt64BigEndian(bytes[1..]) : 0;
        second = read ? BinaryPrimitives.ReadInt64BigEndian(bytes[9..]) : 0;
        return read && second > 0;
    }
}
