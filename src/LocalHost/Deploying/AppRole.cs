using System;

namespace TByte.Functions.LocalHost.Deploying;

/// <summary>The role of an app in the database: the name of its identity, and its object id.</summary>
internal sealed record AppRole(string Name, Guid ObjectId)
{
    // PostgreSQL cuts longer names off.
    private const int LongestName = 63;

    /// <summary>Reads <c>name=object id</c>; null when it is something else.</summary>
    public static AppRole? Parse(string text)
    {
        int separator = text.IndexOf('=', StringComparison.Ordinal);
        return separator is > 0 and <= LongestName && Guid.TryParse(text.AsSpan(separator + 1), out Guid id) ? new AppRole(text[..separator], id) : null;
    }
}
