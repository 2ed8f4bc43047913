using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis;

/// <summary>What a run brings.</summary>
/// <param name="Report">For people.</param>
/// <param name="Memory">For the next run.</param>
public sealed record DiagnosisResult(DiagnosisReport Report, DiagnosisMemory Memory)
{
    /// <summary>Indexes that would pay, the best first.</summary>
    internal IReadOnlyList<IndexProposal> Proposals { get; init; } = [];
}
