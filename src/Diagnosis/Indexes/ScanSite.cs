namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A part of a plan that reads a table, and that an index could do better.</summary>
/// <param name="Scan">The step that reads the table.</param>
/// <param name="Table">The table.</param>
/// <param name="Conditions">What could be looked up.</param>
/// <param name="Order">The order that is asked for, without what is compared for equality; empty: any.</param>
/// <param name="LimitShare">Share of the rows that is expected to be read in that order, 0 to 1.</param>
/// <param name="Replaced">Cost of what the index would replace.</param>
/// <param name="Fixed">Cost of what remains: for a join, its other side.</param>
/// <param name="Repeats">How often the index would be looked up: for a join, the rows of its other side.</param>
/// <param name="Weight">How often the replaced part runs.</param>
/// <param name="Needed">Columns of the table that the statement needs; null when it needs the row itself.</param>
internal sealed record ScanSite(
    PlanNode Scan,
    TableFacts Table,
    IReadOnlyList<SiteCondition> Conditions,
    IReadOnlyList<IndexKey> Order,
    double LimitShare,
    double Replaced,
    double Fixed,
    double Repeats,
    double Weight,
    IReadOnlySet<string>? Needed);

/// <summary>What is asked of a column.</summary>
/// <param name="Key">The column, or a function of it, as an index would hold it.</param>
/// <param name="Column">The column.</param>
/// <param name="Comparison">How it is compared.</param>
internal sealed record SiteCondition(string Key, ColumnFacts Column, Comparison Comparison)
{
    public bool IsEqual => Comparison is Comparison.Equal or Comparison.EqualAny;

    public bool IsRange => Comparison is Comparison.Less or Comparison.Greater;
}
