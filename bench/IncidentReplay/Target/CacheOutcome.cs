using System.Text.RegularExpressions;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What <c>Cache-Status</c> (RFC 9211) says of an answer.</summary>
internal enum CacheOutcome
{
    /// <summary>Nothing.</summary>
    Unknown,
    Miss,
    Hit,

    /// <summary>A hit that is past its life.</summary>
    Stale,
}

/// <summary>Reads the field.</summary>
internal static partial class CacheStatus
{
    /// <param name="lines">The field's lines: each cache on the way adds a member, so one hit among them is a hit.</param>
    public static CacheOutcome Read(IEnumerable<string> lines)
    {
        bool isThere = false;
        bool isHit = false;
        foreach (string member in lines.SelectMany(static line => Quoted().Replace(line, "").Split(',')))
        {
            string[] parameters = [.. member.Split(';').Skip(1).Select(static parameter => parameter.Trim())];
            isThere |= parameters.Length > 0;
            if (!parameters.Contains("hit"))
                continue;
            if (parameters.Contains("detail=stale"))
                return CacheOutcome.Stale;
            isHit = true;
        }

        return isHit ? CacheOutcome.Hit : isThere ? CacheOutcome.Miss : CacheOutcome.Unknown;
    }

    // Text in quotes may hold commas and semicolons.
    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();
}
