using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Unicode;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>Makes a sale of one line, or says why it is none.</summary>
internal sealed class SaleParser
{
    public const int LongestText = 200;

    private const int LongestStockCode = 64;
    private const decimal GreatestNumber = 1_000_000_000_000_000;

    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"];

    private readonly List<string> _fields = [];

    /// <summary>The sale, or a reason other than <see cref="RejectReason.None"/>.</summary>
    public RejectReason Parse(ReadOnlySpan<byte> line, out Sale sale)
    {
        sale = default;
        var reason = Split(line);
        if (reason == RejectReason.None)
            reason = NameByInvoice(_fields[0]);
        return reason == RejectReason.None ? ParseFields(out sale) : reason;
    }

    private RejectReason Split(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
            return RejectReason.BlankLine;
        if (!Utf8.IsValid(line))
            return RejectReason.InvalidUtf8;
        if (line.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0 || line.Contains((byte)0x7F))
            return RejectReason.ControlCharacter;
        if (!CsvLine.TrySplit(Encoding.UTF8.GetString(line), _fields))
            return RejectReason.BadQuotes;
        return _fields.Count == SalesHeader.Columns.Count ? RejectReason.None : RejectReason.WrongFieldCount;
    }

    // Before any figure is looked at: those of a cancellation need not be sound.
    private static RejectReason NameByInvoice(string invoice) => invoice.AsSpan().TrimStart() switch
    {
        ['C' or 'c', ..] => RejectReason.Cancellation,
        ['A' or 'a', ..] => RejectReason.Adjustment,
        _ => RejectReason.None,
    };

    private RejectReason ParseFields(out Sale sale)
    {
        sale = default;
        if (!TryParseId(_fields[0], out var invoice))
            return RejectReason.BadInvoiceNumber;
        var code = _fields[1].Trim().ToUpperInvariant();
        if (code.Length is 0 or > LongestStockCode)
            return RejectReason.BadStockCode;
        if (!IsGoods(code))
            return RejectReason.NotGoods;

        if (!TryParseWhole(_fields[3], out var quantity) || quantity is < int.MinValue or > int.MaxValue)
            return RejectReason.BadQuantity;
        if (quantity <= 0)
            return RejectReason.NoQuantity;
        if (!TryParsePrice(_fields[5], out var price))
            return RejectReason.BadPrice;
        if (price == 0)
            return RejectReason.NoPrice;
        if (!TryParseTime(_fields[4], out var at))
            return RejectReason.BadDate;
        if (!TryParseCustomer(_fields[6], out var customer))
            return RejectReason.BadCustomer;
        var description = SingleSpaced(_fields[2]);
        if (description.Length > LongestText)
            return RejectReason.OverlongDescription;

        sale = new Sale(invoice, code, description, (int)quantity, at, price, customer);
        return RejectReason.None;
    }

    // Goods have five digits, most a letter or two for the variant, or are from the house's own range (DCGS). What is left are
    // words: POST, DOT, C2 (carriage), M (manual), D (discount), S (samples), BANK CHARGES, AMAZONFEE, GIFT_0001_20 (voucher)...
    private static bool IsGoods(string code) =>
        code.StartsWith("DCGS", StringComparison.Ordinal) || (code.Length >= 5 && code.Take(5).All(char.IsAsciiDigit));

    private static bool TryParseWhole(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && decimal.IsInteger(number);

    private static bool TryParseId(string text, out long id)
    {
        var sound = TryParseWhole(text, out var number) && number is > 0 and <= GreatestNumber;
        id = sound ? (long)number : 0;
        return sound;
    }

    private static bool TryParsePrice(string text, out decimal price) =>
        decimal.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out price)
        && price is >= 0 and <= Money.Greatest
        && decimal.IsInteger(price * 100);

    // The file states no time zone; its times are taken for UTC.
    private static bool TryParseTime(string text, out DateTime at) => DateTime.TryParseExact(
        text.Trim(),
        TimeFormats,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out at);

    private static bool TryParseCustomer(string text, out long? customer)
    {
        customer = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        var sound = TryParseId(text, out var id);
        customer = sound ? id : null;
        return sound;
    }

    private static string SingleSpaced(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
