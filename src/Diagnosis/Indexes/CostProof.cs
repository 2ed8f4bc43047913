namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Proves by arithmetic, where the server cannot be asked about indexes that do not exist.</summary>
internal sealed class CostProof(CostSettings costs) : IIndexProof
{
    // Less is within what the arithmetic leaves out.
    private const double SureGain = 0.1;

    public IndexProof Kind => IndexProof.Cost;

    public Task<double> CostAsync(StatementPlan statement, IReadOnlyList<CandidateIndex> indexes, CancellationToken cancellationToken)
    {
        double gain = statement.Sites
            .GroupBy(site => site.Scan, ReferenceEqualityComparer.Instance)
            .Sum(sites => sites.Max(site => indexes.Max(index => Gain(site, index))));
        return Task.FromResult(Math.Max(0, statement.Cost - gain));
    }

    public Task<long> SizeAsync(CandidateIndex index, CancellationToken cancellationToken) => Task.FromResult(index.EstimatedBytes);

    private double Gain(ScanSite site, CandidateIndex index) =>
        AccessCost.Of(site, index, costs) is { } cost && cost < site.Replaced * (1 - SureGain) ? (site.Replaced - cost) * site.Weight : 0;
}
