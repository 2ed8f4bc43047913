namespace TByte.Functions.Caching;

/// <summary>
/// Entity tags of packed bodies. Strong tags must differ where bytes do, so a packed body's is that of the plain one with an ending; what both
/// have in common, the version and the hash of the plain bytes, says that they are the same.
/// </summary>
public static class CodedTag
{
    private const string Brotli = "-br\"";
    private const string Gzip = "-gz\"";

    /// <summary>Whether a tag is the plain body's, or that of one of its packed forms.</summary>
    /// <param name="tag">Of the client; quotes included.</param>
    /// <param name="plain">Of the plain body.</param>
    public static bool Names(ReadOnlySpan<char> tag, ReadOnlySpan<char> plain) =>
        tag is ['"', .., '"'] && WithoutEnding(tag).SequenceEqual(WithoutEnding(plain));

    internal static string Of(string plain, ContentCoding coding) => plain[..^1] + (coding == ContentCoding.Brotli ? Brotli : Gzip);

    /// <summary>What a tag says of the plain bytes: all of it but the coding and the last quote.</summary>
    internal static ReadOnlySpan<char> WithoutEnding(ReadOnlySpan<char> tag) =>
        tag.EndsWith(Brotli) || tag.EndsWith(Gzip) ? tag[..^Brotli.Length] : tag[..^1];
}
