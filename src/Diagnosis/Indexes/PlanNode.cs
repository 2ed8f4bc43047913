namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A step of a plan.</summary>
/// <param name="Type">As EXPLAIN calls it, e.g. <c>Seq Scan</c>.</param>
/// <param name="Schema">Of the table that it reads.</param>
/// <param name="Table">The table that it reads or writes; null: none.</param>
/// <param name="Alias">What the statement calls that table.</param>
/// <param name="Index">The index that it reads; null: none.</param>
/// <param name="IsBackward">Whether it reads that from its end.</param>
/// <param name="JoinType">For a join, e.g. <c>Inner</c>.</param>
/// <param name="Relationship">What it is to its parent, e.g. <c>Inner</c> or <c>SubPlan</c>.</param>
/// <param name="Operation">What it does to the table that it writes, e.g. <c>Update</c>.</param>
/// <param name="TotalCost">Until its last row, when it runs once.</param>
/// <param name="Rows">How many rows it is expected to return.</param>
/// <param name="Conditions">All its conditions.</param>
/// <param name="SortKey">What it sorts by; empty when it does not sort.</param>
/// <param name="Output">What it returns.</param>
/// <param name="Children">The steps that it takes its rows from.</param>
internal sealed record PlanNode(
    string Type,
    string? Schema,
    string? Table,
    string? Alias,
    string? Index,
    bool IsBackward,
    string? JoinType,
    string? Relationship,
    string? Operation,
    double TotalCost,
    double Rows,
    IReadOnlyList<string> Conditions,
    IReadOnlyList<string> SortKey,
    IReadOnlyList<string> Output,
    IReadOnlyList<PlanNode> Children)
{
    public bool IsScan => Table is not null && Type is "Seq Scan" or "Index Scan" or "Index Only Scan" or "Bitmap Heap Scan";

    public bool IsJoin => Type is "Nested Loop" or "Hash Join" or "Merge Join";

    public bool IsInner => Relationship == "Inner";

    public bool IsSort => Type is "Sort" or "Incremental Sort";

    /// <summary>Whether it returns its first row only after it has read all its input.</summary>
    public bool Blocks => Type is "Sort" or "Hash" or "Aggregate" or "HashAggregate" or "SetOp" or "Materialize";

    /// <summary>It and all below it.</summary>
    public IEnumerable<PlanNode> Tree() => Children.SelectMany(child => child.Tree()).Prepend(this);
}
