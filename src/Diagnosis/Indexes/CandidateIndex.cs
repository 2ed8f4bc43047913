namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A column, or a function of one, that an index is ordered by.</summary>
/// <param name="Sql">As the server writes it in an index, without its direction.</param>
/// <param name="Descending">The greatest first.</param>
/// <param name="NullsFirst">Nulls before all others.</param>
internal sealed record IndexKey(string Sql, bool Descending = false, bool NullsFirst = false)
{
    public string Definition =>
        Sql + (Descending ? " desc" : "") + (NullsFirst == Descending ? "" : NullsFirst ? " nulls first" : " nulls last");

    public IndexKey Reversed() => new(Sql, !Descending, !NullsFirst);
}

/// <summary>A B-tree index that might pay.</summary>
/// <param name="Table">Of which table.</param>
/// <param name="Keys">What it is ordered by.</param>
/// <param name="EqualKeys">How many of the first keys are only compared for equality: their order does not matter.</param>
/// <param name="KeyColumns">The column of each key.</param>
/// <param name="IncludeColumns">What it holds besides.</param>
/// <param name="Conditions">Which rows it holds; empty: all.</param>
internal sealed record CandidateIndex(
    TableFacts Table,
    IReadOnlyList<IndexKey> Keys,
    int EqualKeys,
    IReadOnlyList<ColumnFacts> KeyColumns,
    IReadOnlyList<ColumnFacts> IncludeColumns,
    IReadOnlyList<IndexCondition> Conditions)
{
    // Of a leaf entry: its header and its pointer. Pages are filled to nine tenths.
    private const double EntryOverhead = 12;
    private const double UsablePage = 8_192 * 0.9;

    public IReadOnlyList<string> Include => [.. IncludeColumns.Select(column => column.Sql)];

    /// <summary>As the server writes it; null: none.</summary>
    public string? Predicate => Conditions.Count switch
    {
        0 => null,
        1 => Conditions[0].Sql,
        _ => $"({string.Join(" and ", Conditions.Select(condition => condition.Sql))})",
    };

    /// <summary>As it follows the table's name in CREATE INDEX, and as the server writes it but for upper case.</summary>
    public string Definition =>
        $"using btree ({string.Join(", ", Keys.Select(key => key.Definition))})"
        + (IncludeColumns.Count == 0 ? "" : $" include ({string.Join(", ", Include)})")
        + (Predicate is null ? "" : $" where {Predicate}");

    public string Name => IndexName.For(Table, KeyColumns, Definition);

    /// <summary>How many rows it holds.</summary>
    public double Entries => Math.Max(1, Table.Rows * Conditions.Aggregate(1.0, (share, condition) => share * condition.Share));

    public double EntriesPerPage => Math.Max(
        1, UsablePage / (EntryOverhead + KeyColumns.Concat(IncludeColumns).Sum(column => Aligned(column.Width))));

    /// <summary>Its pages.</summary>
    public double Pages => Math.Ceiling(Entries / EntriesPerPage) + 1;

    public long EstimatedBytes => (long)(Pages * 8_192);

    /// <summary>Whether a column lies in it, or decides which rows do.</summary>
    public bool Holds(string column) =>
        KeyColumns.Concat(IncludeColumns).Concat(Conditions.Select(condition => condition.Column)).Any(held => held.Name == column);

    /// <summary>Whether it does all that another does.</summary>
    public bool Covers(CandidateIndex other) =>
        Table.Sql == other.Table.Sql && Predicate == other.Predicate
        && ExistingIndex.StartsWith(Keys, other.Keys, other.EqualKeys)
        && other.Include.All(column => Keys.Any(key => key.Sql == column) || Include.Contains(column));

    private static double Aligned(double width) => Math.Ceiling(width / 8) * 8;
}

/// <summary>What all rows of a partial index have in common.</summary>
/// <param name="Column">The column.</param>
/// <param name="Comparison">True, false, null or not null.</param>
internal sealed record IndexCondition(ColumnFacts Column, Comparison Comparison)
{
    public string Sql => Comparison switch
    {
        Comparison.IsTrue => Column.Sql,
        Comparison.IsFalse => $"(not {Column.Sql})",
        Comparison.IsNull => $"({Column.Sql} is null)",
        Comparison.IsNotNull => $"({Column.Sql} is not null)",
        _ => throw new InvalidOperationException($"{Comparison} compares with a value."),
    };

    /// <summary>Share of the table's rows, 0 to 1.</summary>
    public double Share => Comparison switch
    {
        Comparison.IsTrue => Column.TrueShare ?? 0.5,
        Comparison.IsFalse => 1 - (Column.TrueShare ?? 0.5) - Column.NullShare,
        Comparison.IsNull => Column.NullShare,
        _ => 1 - Column.NullShare,
    };
}
