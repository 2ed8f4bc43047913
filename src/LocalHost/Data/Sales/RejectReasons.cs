using System;

namespace TByte.Functions.LocalHost.Data.Sales;

internal static class RejectReasons
{
    /// <summary>The name and meaning that a report prints.</summary>
    public static (string Name, string Meaning) Describe(this RejectReason reason) => reason switch
    {
        RejectReason.OverlongLine => ("overlong-line", $"longer than {SalesLines.LongestLine} bytes"),
        RejectReason.Truncated => ("truncated", "cut off by the end of a damaged archive"),
        RejectReason.BlankLine => ("blank-line", "empty"),
        RejectReason.InvalidUtf8 => ("invalid-utf8", "not UTF-8"),
        RejectReason.ControlCharacter => ("control-character", "NUL or another control character"),
        RejectReason.BadQuotes => ("bad-quotes", "a quote is not closed, or not where one may be"),
        RejectReason.WrongFieldCount => ("wrong-field-count", "not eight fields"),
        RejectReason.Cancellation => ("cancellation", "the invoice number starts with C"),
        RejectReason.Adjustment => ("adjustment", "the invoice number starts with A"),
        RejectReason.BadInvoiceNumber => ("bad-invoice-number", "not a positive whole number"),
        RejectReason.BadStockCode => ("bad-stock-code", "missing or longer than 64 characters"),
        RejectReason.NotGoods => ("not-goods", "postage, fees, manual entries, samples, vouchers"),
        RejectReason.BadQuantity => ("bad-quantity", "not a whole number"),
        RejectReason.NoQuantity => ("no-quantity", "zero or negative: a return or a write-off"),
        RejectReason.BadPrice => ("bad-price", "not an amount in whole pence, or negative"),
        RejectReason.NoPrice => ("no-price", "the price is zero"),
        RejectReason.BadDate => ("bad-date", "not a time such as 2010-12-01 08:26:00"),
        RejectReason.BadCustomer => ("bad-customer", "neither empty nor a positive whole number"),
        RejectReason.OverlongDescription => ("overlong-description", "longer than 200 characters"),
        RejectReason.OtherCustomer => ("other-customer", "the invoice belongs to another customer"),
        RejectReason.AmountTooLarge => ("amount-too-large", "the invoice's total does not fit the database"),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}
