namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Says what statements would cost if there were certain indexes.</summary>
internal interface IIndexProof
{
    IndexProof Kind { get; }

    /// <summary>The planner's cost of a statement, or an estimate of it that is rather too high.</summary>
    Task<double> CostAsync(StatementPlan statement, IReadOnlyList<CandidateIndex> indexes, CancellationToken cancellationToken);

    /// <summary>How large an index would be, in bytes.</summary>
    Task<long> SizeAsync(CandidateIndex index, CancellationToken cancellationToken);
}
