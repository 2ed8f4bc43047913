using System.Text;

namespace TByte.Functions.Paging;

/// <summary>A page as it lies in the cache: bytes that <see cref="Page{T}"/> was written to.</summary>
public static class PageBody
{
    /// <summary>
    /// The page's <c>next</c>; null on the last page. Read off the end, whose last member it is: the page itself is not parsed.
    /// </summary>
    public static string? NextOf(ReadOnlySpan<byte> page)
    {
        if (!page.EndsWith("\"}"u8))
            return null;

        ReadOnlySpan<byte> open = page[..^2];
        int quote = open.LastIndexOf((byte)'"');
        return quote >= 0 && open[..quote].EndsWith("\"next\":"u8) ? Encoding.ASCII.GetString(open[(quote + 1)..]) : null;
    }
}
