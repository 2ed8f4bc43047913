namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>Why a line was not imported. Checks are made in this order; the first that fails names the line.</summary>
internal enum RejectReason
{
    None,

    // The line cannot be read.
    OverlongLine,
    Truncated,
    BlankLine,
    InvalidUtf8,
    ControlCharacter,
    BadQuotes,
    WrongFieldCount,

    // It is not the sale of goods.
    Cancellation,
    Adjustment,
    BadInvoiceNumber,
    BadStockCode,
    NotGoods,

    // A figure is unsound.
    BadQuantity,
    NoQuantity,
    BadPrice,
    NoPrice,
    BadDate,
    BadCustomer,
    OverlongDescription,

    // It does not fit the lines before it.
    OtherCustomer,
    AmountTooLarge,
}
