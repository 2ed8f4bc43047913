using System.Text.RegularExpressions;

namespace TByte.Functions.Diagnosis;

/// <summary>What names of keys have in common.</summary>
internal static partial class KeyPattern
{
    private const int Longest = 80;

    /// <summary>A name with <c>*</c> for each part that holds a digit, and so is likely to differ from key to key.</summary>
    public static string Of(string name)
    {
        string pattern = Varying().Replace(name, "*");
        return pattern.Length <= Longest ? pattern : pattern[..Longest] + "…";
    }

    public static (string Pattern, double Share) MostCommon(IEnumerable<string> names)
    {
        IGrouping<string, string>[] patterns = [.. names.GroupBy(Of).OrderByDescending(static group => group.Count())];
        return (patterns[0].Key, (double)patterns[0].Count() / patterns.Sum(static group => group.Count()));
    }

    [GeneratedRegex(@"[^:{}|/,;&=?\s]*\d[^:{}|/,;&=?\s]*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
