using System;
using System.Collections.Generic;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge;

/// <summary>The preconditions of RFC 9110, section 13.</summary>
internal static class EntityTags
{
    /// <summary>
    /// The tag in <c>If-None-Match</c> that names a representation, in whichever coding the client has it; the plain one's for <c>*</c>. Null when
    /// none does; a field that cannot be read is as if it were not there.
    /// </summary>
    public static string? Match(StringValues ifNoneMatch, string etag)
    {
        if (ifNoneMatch.Count == 0)
            return null;

        if (ifNoneMatch.Count == 1 && string.Equals(ifNoneMatch[0], etag, StringComparison.Ordinal))
            return etag;

        if (!EntityTagHeaderValue.TryParseStrictList(ifNoneMatch, out IList<EntityTagHeaderValue>? tags))
            return null;

        foreach (EntityTagHeaderValue tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any))
                return etag;
            if (CodedTag.Names(tag.Tag.AsSpan(), etag))
                return tag.Tag.ToString();
        }

        return null;
    }

    /// <summary>
    /// The versions that <c>If-Match</c> allows a write to replace; null for any. Weak tags and tags of others match nothing.
    /// False when the field is no list of entity tags: then nothing may be written.
    /// </summary>
    public static bool TryReadVersions(StringValues ifMatch, out long[]? versions)
    {
        versions = null;
        if (ifMatch.Count == 0)
            return true;

        if (!EntityTagHeaderValue.TryParseStrictList(ifMatch, out IList<EntityTagHeaderValue>? tags))
            return false;

        List<long> named = [];
        foreach (EntityTagHeaderValue tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any))
                return true;
            if (!tag.IsWeak && Representation.VersionOf(tag.Tag.AsSpan()) is { } version)
                named.Add(version);
        }

        versions = [.. named];
        return true;
    }
}
