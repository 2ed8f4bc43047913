namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>An index that a table has.</summary>
/// <param name="Name">Its name for SQL.</param>
/// <param name="IsUsable">Whether it is a valid B-tree with the order of its columns' types.</param>
/// <param name="MustStay">Whether it does more than to make queries fast: unique, a constraint, a replica's identity.</param>
/// <param name="Keys">What it is ordered by.</param>
/// <param name="Include">What it holds besides, for SQL.</param>
/// <param name="Predicate">Of a partial index, as the server writes it; null: none.</param>
internal sealed record ExistingIndex(
    string Name, bool IsUsable, bool MustStay, IReadOnlyList<IndexKey> Keys, IReadOnlyList<string> Include, string? Predicate)
{
    /// <summary>Whether that is its name, without quotes.</summary>
    public bool IsNamed(string name) => Name == name || Name == $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Whether it does all that a candidate would do.</summary>
    public bool Covers(CandidateIndex candidate) =>
        IsUsable
        && (Predicate is null || SamePredicate(candidate))
        && StartsWith(Keys, candidate.Keys, candidate.EqualKeys)
        && candidate.Include.All(column => Keys.Any(key => key.Sql == column) || Include.Contains(column));

    /// <summary>Whether a candidate does all that it does.</summary>
    public bool IsReplacedBy(CandidateIndex candidate) =>
        IsUsable && !MustStay && SamePredicate(candidate)
        && StartsWith(candidate.Keys, Keys, equalKeys: 0)
        && Include.All(column => candidate.Keys.Any(key => key.Sql == column) || candidate.Include.Contains(column));

    private bool SamePredicate(CandidateIndex candidate) => (Predicate, candidate.Predicate) switch
    {
        (null, null) => true,
        ({ } mine, { } theirs) => IndexDefinition.AreSame(mine, theirs),
        _ => false,
    };

    /// <summary>Whether keys begin with others, of which the first may come in any order.</summary>
    internal static bool StartsWith(IReadOnlyList<IndexKey> keys, IReadOnlyList<IndexKey> others, int equalKeys)
    {
        if (keys.Count < others.Count)
            return false;
        bool equal = others.Take(equalKeys).All(other => keys.Take(equalKeys).Any(key => key.Sql == other.Sql));
        IndexKey[] rest = [.. keys.Skip(equalKeys).Take(others.Count - equalKeys)];
        IndexKey[] expected = [.. others.Skip(equalKeys)];
        // An index is read backwards as well as forwards.
        return equal && (rest.SequenceEqual(expected) || rest.SequenceEqual(expected.Select(key => key.Reversed())));
    }
}
