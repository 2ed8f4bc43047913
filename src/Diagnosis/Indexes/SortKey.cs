namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A column that rows are sorted by.</summary>
/// <param name="Column">The column.</param>
/// <param name="Descending">The greatest first.</param>
/// <param name="NullsFirst">Nulls before all others.</param>
internal sealed record SortKey(ColumnReference Column, bool Descending, bool NullsFirst)
{
    /// <summary>Reads it as EXPLAIN VERBOSE writes it; null when it is more than a column.</summary>
    public static SortKey? Parse(string text)
    {
        var key = new SqlSlice(SqlTokenizer.Tokenize(text));
        bool? nullsFirst = key.EndsWith("NULLS", "FIRST") ? true : key.EndsWith("NULLS", "LAST") ? false : null;
        if (nullsFirst is not null)
            key = key[..^2];
        bool descending = key.EndsWith("DESC");
        if (descending)
            key = key[..^1];

        key = key.WithoutParentheses();
        return key.Count == 3 && key.References().FirstOrDefault() is { Column: not null and not "*" } column
            ? new SortKey(column, descending, nullsFirst ?? descending)
            : null;
    }
}
