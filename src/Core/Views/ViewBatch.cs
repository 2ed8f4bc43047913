using System.Globalization;
using System.Text;

namespace TByte.Functions.Views;

/// <summary>
/// What one instance has counted, as it travels: a line <c>sender sequence hour</c>, which names it, then <c>product views</c>
/// in pairs. Sequences of a sender grow by time, so that a batch that comes again can be told by its number.
/// </summary>
/// <param name="Sender">The instance; new with every start.</param>
/// <param name="Sequence">1, 2, 3 ...</param>
/// <param name="Hour">When it was made: hours since the Unix epoch.</param>
/// <param name="Products">At most <see cref="MostProducts"/>.</param>
internal sealed record ViewBatch(string Sender, long Sequence, long Hour, IReadOnlyList<ProductViews> Products)
{
    /// <summary>Keeps a batch a few kilobytes long.</summary>
    public const int MostProducts = 500;

    private const int LongestSender = 64;

    /// <summary>The first line: no two batches have the same.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Sender} {Sequence} {Hour}");

    /// <summary>The first line of anything that lies in the queue.</summary>
    public static string NameOf(string written) => written.IndexOf('\n') is >= 0 and var end ? written[..end] : written;

    public string Write()
    {
        StringBuilder text = new(Name, Name.Length + 1 + 16 * Products.Count);
        text.Append('\n');
        foreach ((long product, long views) in Products)
            text.Append(CultureInfo.InvariantCulture, $"{product} {views} ");
        return text.ToString();
    }

    /// <summary>Null for what is not a batch.</summary>
    public static ViewBatch? Parse(string written)
    {
        int end = written.IndexOf('\n');
        if (end < 0 || written[..end].Split(' ') is not [{ Length: > 0 and <= LongestSender } sender, var sequence, var hour]
            || !TryRead(sequence, out long number)
            || !TryRead(hour, out long hours))
        {
            return null;
        }

        return ParseProducts(written.AsSpan(end + 1)) is { } products ? new ViewBatch(sender, number, hours, products) : null;
    }

    private static List<ProductViews>? ParseProducts(ReadOnlySpan<char> text)
    {
        List<ProductViews> products = [];
        long? product = null;
        foreach (Range word in text.TrimEnd(' ').Split(' '))
        {
            if (!TryRead(text[word], out long number))
                return null;
            if (product is { } id)
                products.Add(new ProductViews(id, number));
            product = product is null ? number : null;
        }

        return product is null ? products : null;
    }

    // Of ten million million at most, so that sums of them do not overflow.
    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and < 10_000_000_000_000;
}
