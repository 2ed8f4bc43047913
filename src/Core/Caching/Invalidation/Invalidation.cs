using System.Globalization;
using NpgsqlTypes;

namespace TByte.Functions.Caching;

/// <summary>A row was written: nothing below this version is to be served for the key any more.</summary>
/// <param name="Name">The entry's name, as in <see cref="CacheKey.Name"/>.</param>
/// <param name="Version">The lowest version that may still be served.</param>
/// <param name="Position">Where the primary's log was when the write was in it; 0 when that is not known.</param>
internal readonly record struct Invalidation(string Name, long Version, NpgsqlLogSequenceNumber Position = default)
{
    /// <summary>The channel on which instances tell each other.</summary>
    public const string Channel = "tb:invalidations";

    /// <summary><c>7 product:42</c>, or with a position <c>7@23459872 product:42</c>.</summary>
    public string Message() => Position == NpgsqlLogSequenceNumber.Invalid
        ? string.Create(CultureInfo.InvariantCulture, $"{Version} {Name}")
        : string.Create(CultureInfo.InvariantCulture, $"{Version}@{(ulong)Position} {Name}");

    public static bool TryParse(string message, out Invalidation invalidation)
    {
        invalidation = default;
        int space = message.IndexOf(' ', StringComparison.Ordinal);
        ReadOnlySpan<char> version = message.AsSpan(0, Math.Max(0, space));
        ulong position = 0;
        if (version.IndexOf('@') is >= 0 and var at)
        {
            if (!ulong.TryParse(version[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out position))
                return false;
            version = version[..at];
        }

        if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long parsed))
            return false;

        invalidation = new Invalidation(message[(space + 1)..], parsed, new NpgsqlLogSequenceNumber(position));
        return true;
    }
}
