using System;
using Microsoft.Extensions.Primitives;

namespace TByte.Functions.Api.Edge.Timing;

/// <summary>The preference of RFC 7240 by which a client asks for <c>Server-Timing</c>.</summary>
internal static class TimingPreference
{
    public const string Name = "timing";

    /// <summary>Whether it is one of those that a request has.</summary>
    public static bool IsIn(StringValues prefer)
    {
        foreach (string? field in prefer)
        {
            foreach (Range part in field.AsSpan().Split(','))
            {
                ReadOnlySpan<char> preference = field.AsSpan()[part];
                int end = preference.IndexOfAny(';', '=');
                if ((end < 0 ? preference : preference[..end]).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
