using System.Security.Cryptography;
using System.Text;

namespace TByte.Functions.Caching;

/// <summary>What a client gets: the bytes of an answer and what is needed to hand them out without reading them.</summary>
public sealed class Representation
{
    /// <summary>Bodies of fewer bytes are never packed: headers and the packing would cost what it saves.</summary>
    public const int LeastToPack = 1024;

    private const int HashBytes = 6;

    private readonly CodedBodies? _coded;

    /// <summary>Takes the bytes as they will be sent.</summary>
    /// <param name="body">JSON in UTF-8; not copied, and never changed again.</param>
    /// <param name="version">The row's version, at least 1; 0 where a representation has no row of its own.</param>
    /// <param name="owner">The user whose data it is; null when it is nobody's.</param>
    public Representation(byte[] body, long version, long? owner = null)
        : this(body, version, owner, TagOf(body, version))
    {
    }

    internal Representation(ReadOnlyMemory<byte> body, long version, long? owner, string etag)
    {
        Body = body;
        Version = version;
        Owner = owner;
        ETag = etag;
        _coded = body.Length >= LeastToPack ? new CodedBodies(body, etag) : null;
    }

    /// <summary>The body, JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The row's version; 0 without one.</summary>
    public long Version { get; }

    /// <summary>The user whose data it is.</summary>
    public long? Owner { get; }

    /// <summary>
    /// Strong entity tag, quotes included. It holds the version, which a conditional write compares, and a hash of the bytes,
    /// because a new release may write the same row differently.
    /// </summary>
    public string ETag { get; }

    /// <summary>Whether it is large enough to be packed.</summary>
    public bool CanBePacked => _coded is not null;

    /// <summary>The body in a coding, made once and kept; null where plain is best.</summary>
    public CodedBody? In(ContentCoding coding) => coding == ContentCoding.Identity ? null : _coded?.Find(coding);

    /// <summary>Reads the version out of an entity tag of ours, of whichever coding; null for any other.</summary>
    public static long? VersionOf(ReadOnlySpan<char> etag)
    {
        if (etag is not ['"', _, .., '"'])
            return null;

        ReadOnlySpan<char> inside = CodedTag.WithoutEnding(etag)[1..];
        if (inside.IndexOf('-') is not (> 0 and var dash) || inside.Length - dash - 1 != 2 * HashBytes)
            return null;

        return long.TryParse(inside[..dash], System.Globalization.NumberStyles.None, null, out long version) ? version : null;
    }

    private static string TagOf(byte[] body, long version)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return new StringBuilder(32).Append('"').Append(version).Append('-')
            .Append(Convert.ToHexStringLower(hash[..HashBytes])).Append('"').ToString();
    }
}
