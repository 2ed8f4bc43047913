namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A statement of the workload.</summary>
/// <param name="Id">PostgreSQL's id of it.</param>
/// <param name="Text">Its text, with <c>$1</c> for values.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="TotalMs">How long all these calls took.</param>
internal sealed record WorkloadQuery(long Id, string Text, long Calls, double TotalMs);

/// <summary>An index that would pay.</summary>
/// <param name="Table">The table, with its schema unless that is <c>public</c>, quoted where it must be.</param>
/// <param name="Name">The index's name: the same whenever the same index is proposed.</param>
/// <param name="Definition">Method, columns, INCLUDE and WHERE, as they follow the table's name in CREATE INDEX.</param>
/// <param name="Proof">How it was proven.</param>
/// <param name="Gains">What it gains for each statement, the largest first.</param>
/// <param name="TimeShare">Share of the time of all statements that it would save, 0 to 1, less what it costs writes.</param>
/// <param name="EstimatedBytes">Its size, as estimated.</param>
/// <param name="WritesPerSecond">Rows inserted, updated and deleted in the table.</param>
/// <param name="Replaces">Indexes that are no longer needed once it is there.</param>
internal sealed record IndexProposal(
    string Table,
    string Name,
    string Definition,
    IndexProof Proof,
    IReadOnlyList<QueryGain> Gains,
    double TimeShare,
    long EstimatedBytes,
    double WritesPerSecond,
    IReadOnlyList<string> Replaces)
{
    /// <summary>
    /// Whether the gain rests on how many rows lie between bounds that are not known: the planner then takes few, and it may be half of the table.
    /// </summary>
    public bool IsGuess { get; init; }

    /// <summary>The statement that makes it.</summary>
    public string Sql => $"create index concurrently {Name} on {Table} {Definition}";
}

/// <summary>How an index was proven.</summary>
internal enum IndexProof
{
    /// <summary>The planner used it as a hypothetical index of HypoPG.</summary>
    Hypothetical,

    /// <summary>Estimated from the cost of the plan as it is and the selectivity of the index's columns.</summary>
    Cost,
}

/// <summary>What an index does for one statement, by the planner's cost.</summary>
/// <param name="Query">The statement.</param>
/// <param name="CostBefore">As it is.</param>
/// <param name="CostAfter">With the index.</param>
internal sealed record QueryGain(WorkloadQuery Query, double CostBefore, double CostAfter);

/// <summary>What the advisor has found.</summary>
/// <param name="Proposals">Indexes that would pay, the best first.</param>
/// <param name="NotSeen">Statements or servers that could not be judged.</param>
internal sealed record IndexAdvice(IReadOnlyList<IndexProposal> Proposals, IReadOnlyList<NotSeen> NotSeen);
