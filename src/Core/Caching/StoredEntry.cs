using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace TByte.Functions.Caching;

internal enum StoredKind
{
    /// <summary>The representation is there.</summary>
    Present = 'P',

    /// <summary>It is known that there is nothing.</summary>
    Negative = 'N',

    /// <summary>Only a lowest version: what is older was overwritten in the database.</summary>
    Tombstone = 'T',
}

/// <summary>
/// An entry as it lies in Redis: one line of text, <c>kind order stored-ms fresh-ms owner etag</c>, then the body.
/// The order is the row's version; the lease's token where a kind has no versions; 0 for a negative entry of a versioned kind.
/// </summary>
internal sealed record StoredEntry(StoredKind Kind, long Order, long StoredAt, long FreshFor, Representation? Representation)
{
    /// <summary>As many bytes as the numbers of the first line can take.</summary>
    public const int LongestNumbers = 2 + 3 * 20;

    /// <summary>Null when the bytes are not an entry of ours, which counts as a miss.</summary>
    public static StoredEntry? Parse(byte[] stored, CachePolicy policy)
    {
        int end = stored.AsSpan().IndexOf((byte)'\n');
        if (end < 0)
            return null;

        HeaderReader header = new(stored.AsSpan(0, end));
        if (!header.TryReadKind(out StoredKind kind)
            || !header.TryReadNumber(out long order)
            || !header.TryReadNumber(out long storedAt)
            || !header.TryReadNumber(out long freshFor)
            || !header.TryReadOwner(out long? owner)
            || header.Rest is not { Length: > 0 } etag)
        {
            return null;
        }

        Representation? representation = kind == StoredKind.Present
            ? new Representation(stored.AsMemory(end + 1), policy.IsVersioned ? order : 0, owner, Encoding.ASCII.GetString(etag))
            : null;
        return new StoredEntry(kind, order, storedAt, freshFor, representation);
    }

    /// <summary>Until when, by Redis' clock, the entry is fresh that begins with these bytes; 0 when it is no representation.</summary>
    public static long FreshUntil(ReadOnlySpan<byte> beginning)
    {
        HeaderReader header = new(beginning);
        return header.TryReadKind(out StoredKind kind)
            && kind == StoredKind.Present
            && header.TryReadNumber(out _)
            && header.TryReadNumber(out long storedAt)
            && header.TryReadNumber(out long freshFor)
            ? storedAt + freshFor
            : 0;
    }

    /// <summary>The part of the first line that a script does not fill in itself.</summary>
    public static string OwnerAndTag(Representation? representation) => representation is null
        ? "- -"
        : $"{representation.Owner?.ToString(CultureInfo.InvariantCulture) ?? "-"} {representation.ETag}";

    private ref struct HeaderReader(ReadOnlySpan<byte> header)
    {
        public ReadOnlySpan<byte> Rest { get; private set; } = header;

        public bool TryReadKind(out StoredKind kind)
        {
            kind = Rest.IsEmpty ? default : (StoredKind)Rest[0];
            return kind is StoredKind.Present or StoredKind.Negative or StoredKind.Tombstone && TrySkip(1);
        }

        public bool TryReadNumber(out long number) => Utf8Parser.TryParse(Rest, out number, out int length) && TrySkip(length);

        public bool TryReadOwner(out long? owner)
        {
            if (Rest is [(byte)'-', ..])
            {
                owner = null;
                return TrySkip(1);
            }

            bool read = TryReadNumber(out long number);
            owner = number;
            return read;
        }

        private bool TrySkip(int length)
        {
            if (Rest.Length <= length || Rest[length] != (byte)' ')
                return false;

            Rest = Rest[(length + 1)..];
            return true;
        }
    }
}
