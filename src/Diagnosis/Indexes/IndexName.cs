using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Names of our indexes: table and columns to be read, then a hash of the definition, by which the same name always means the same index,
/// then <c>_tb</c>, by which they are known as ours. Such a name needs no quotes.
/// </summary>
internal static partial class IndexName
{
    private const int MostLength = 63;
    private const int HashLength = 6;

    /// <summary>For SQL: matches our names only.</summary>
    public const string Pattern = "^[a-z_][a-z0-9_]*_[0-9a-f]{6}_tb$";

    public static string For(TableFacts table, IEnumerable<ColumnFacts> columns, string definition)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{table.Schema}.{table.Name} {definition}")))[..HashLength];
        string suffix = $"_{hash}_tb";
        string readable = Plain($"{table.Name}_{string.Join('_', columns.Select(column => column.Name))}");
        return readable[..Math.Min(readable.Length, MostLength - suffix.Length)] + suffix;
    }

    private static string Plain(string name)
    {
        string plain = Odd().Replace(name.ToLowerInvariant(), "_");
        return char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
    }

    [GeneratedRegex("[^a-z0-9_]+")]
    private static partial Regex Odd();
}
