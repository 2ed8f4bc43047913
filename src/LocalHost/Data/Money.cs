namespace TByte.Functions.LocalHost.Data;

internal static class Money
{
    /// <summary>The greatest amount that numeric(12, 2) holds.</summary>
    public const decimal Greatest = 9_999_999_999.99m;

    public static decimal OfPence(int pence) => new(pence, 0, 0, isNegative: false, scale: 2);
}
