using System;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge.Compression;

/// <summary>Which coding of a body a client would have, by its <c>Accept-Encoding</c> (RFC 9110, 12.5.3).</summary>
internal static class AcceptedCoding
{
    // Not named by the client.
    private const double Unsaid = -1;

    /// <summary>
    /// The one it likes best, of equals the smallest. Plain where it says nothing, and where it wants none of ours: to send plain bytes is
    /// better than to send none.
    /// </summary>
    public static ContentCoding Of(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0)
            return ContentCoding.Identity;

        double brotli = Unsaid, gzip = Unsaid, identity = Unsaid, other = Unsaid;
        foreach (string? field in acceptEncoding)
        {
            foreach (Range part in field.AsSpan().Split(','))
            {
                if (!TryRead(field.AsSpan()[part], out ReadOnlySpan<char> coding, out double quality))
                    continue;

                if (Is(coding, "br"))
                    brotli = quality;
                else if (Is(coding, "gzip") || Is(coding, "x-gzip"))
                    gzip = quality;
                else if (Is(coding, "identity"))
                    identity = quality;
                else if (Is(coding, "*"))
                    other = quality;
            }
        }

        return Best(Said(brotli, other), Said(gzip, other), identity);
    }

    // What is not named is what the star says, and without one not wanted.
    private static double Said(double quality, double other) => quality != Unsaid ? quality : Math.Max(other, 0);

    // Plain is always acceptable unless it is refused, but preferred only where it is named.
    private static ContentCoding Best(double brotli, double gzip, double identity) =>
        brotli > 0 && brotli >= gzip && brotli >= identity ? ContentCoding.Brotli
        : gzip > 0 && gzip >= identity ? ContentCoding.Gzip
        : ContentCoding.Identity;

    // What is malformed is as if it were not there.
    private static bool TryRead(ReadOnlySpan<char> item, out ReadOnlySpan<char> coding, out double quality)
    {
        quality = 1;
        int semicolon = item.IndexOf(';');
        coding = (semicolon < 0 ? item : item[..semicolon]).Trim();
        if (semicolon < 0)
            return coding.Length > 0;

        ReadOnlySpan<char> weight = item[(semicolon + 1)..].Trim();
        return coding.Length > 0
            && weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(weight[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality)
            && quality is >= 0 and <= 1;
    }

    private static bool Is(ReadOnlySpan<char> coding, string name) => coding.Equals(name, StringComparison.OrdinalIgnoreCase);
}
