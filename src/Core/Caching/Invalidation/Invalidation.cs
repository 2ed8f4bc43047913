using System.Globalization;

namespace TByte.Functions.Caching;

/// <summary>A row was written: nothing below this version is to be served for the key any more.</summary>
/// <param name="Name">The entry's name, as in <see cref="CacheKey.Name"/>.</param>
/// <param name="Version">The lowest version that may still be served.</param>
internal readonly record struct Invalidation(string Name, long Version)
{
    /// <summary>The channel on which instances tell each other.</summary>
    public const string Channel = "tb:invalidations";

    public static string Message(string name, long version) => string.Create(CultureInfo.InvariantCulture, $"{version} {name}");

    public static bool TryParse(string message, out Invalidation invalidation)
    {
        int space = message.IndexOf(' ', StringComparison.Ordinal);
        bool parsed = long.TryParse(message.AsSpan(0, Math.Max(0, space)), NumberStyles.None, CultureInfo.InvariantCulture, out long version);
        invalidation = parsed ? new Invalidation(message[(space + 1)..], version) : default;
        return parsed;
    }
}
