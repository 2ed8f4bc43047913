namespace TByte.Functions.Caching;

/// <summary>How a body is packed for the wire.</summary>
public enum ContentCoding
{
    /// <summary>Not at all.</summary>
    Identity,

    /// <summary><c>gzip</c>.</summary>
    Gzip,

    /// <summary><c>br</c>.</summary>
    Brotli,
}

/// <summary>The names of codings, in headers and in entity tags.</summary>
public static class ContentCodings
{
    /// <summary>As <c>Content-Encoding</c> has it.</summary>
    public static string Name(this ContentCoding coding) => coding switch
    {
        ContentCoding.Identity => "identity",
        ContentCoding.Gzip => "gzip",
        ContentCoding.Brotli => "br",
        _ => throw new ArgumentOutOfRangeException(nameof(coding)),
    };
}
