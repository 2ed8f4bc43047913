using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;
using TByte.Functions.Paging;

namespace TByte.Functions.Api.Edge.Paging;

/// <summary>The field <c>Link</c> of RFC 8288: where the page behind this one is, and the first.</summary>
internal static class PageLinks
{
    /// <summary>Writes what there is to write; nothing for a list of one page.</summary>
    /// <param name="response">The page's.</param>
    /// <param name="list">Path and query of the first page, with its filters and its limit; already safe to stand in a header.</param>
    /// <param name="isFirst">Whether this is that page.</param>
    /// <param name="page">This page.</param>
    public static void Write(HttpResponse response, string list, bool isFirst, Representation page)
    {
        string? next = PageBody.NextOf(page.Body.Span) is { } after ? $"<{list}&after={after}>; rel=\"next\"" : null;
        string? first = isFirst ? null : $"<{list}>; rel=\"first\"";
        if (next is not null || first is not null)
            response.Headers.Link = next is null ? first : first is null ? next : $"{next}, {first}";
    }
}
