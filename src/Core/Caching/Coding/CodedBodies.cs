using System.IO.Compression;

namespace TByte.Functions.Caching;

/// <summary>A body in one coding.</summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="ETag">Strong entity tag of these bytes, quotes included.</param>
public sealed record CodedBody(ReadOnlyMemory<byte> Bytes, string ETag);

/// <summary>
/// The packed forms of a body. Each is made when it is first asked for, once, and lives as long as the body does; one that is no smaller is not
/// kept, so that a body with all its forms takes less than three times its own bytes.
/// </summary>
internal sealed class CodedBodies(ReadOnlyMemory<byte> body, string etag)
{
    // Beyond it an entry's bytes shrink little more, and time grows a lot.
    private const int BrotliQuality = 5;
    private const int BrotliWindow = 18;

    private static readonly CodedBody NotSmaller = new(ReadOnlyMemory<byte>.Empty, "");

    private readonly Lock _packing = new();
    private CodedBody? _brotli;
    private CodedBody? _gzip;

    /// <summary>Null when packing does not make it smaller.</summary>
    public CodedBody? Find(ContentCoding coding)
    {
        CodedBody found = coding == ContentCoding.Brotli ? Once(ref _brotli, coding) : Once(ref _gzip, coding);
        return ReferenceEquals(found, NotSmaller) ? null : found;
    }

    private CodedBody Once(ref CodedBody? slot, ContentCoding coding)
    {
        if (Volatile.Read(ref slot) is { } packed)
            return packed;

        lock (_packing)
            return slot ??= Pack(coding);
    }

    private CodedBody Pack(ContentCoding coding)
    {
        byte[] packed = coding == ContentCoding.Brotli ? Brotli() : Gzip();
        return packed.Length < body.Length ? new CodedBody(packed, CodedTag.Of(etag, coding)) : NotSmaller;
    }

    private byte[] Brotli()
    {
        byte[] buffer = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body.Span, buffer, out int written, BrotliQuality, BrotliWindow)
            ? buffer[..written]
            : throw new InvalidOperationException("A buffer of the longest length is too short.");
    }

    private byte[] Gzip()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
            gzip.Write(body.Span);
        return packed.ToArray();
    }
}
