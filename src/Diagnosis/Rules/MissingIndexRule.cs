using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis;

/// <summary>Statements would take less time with an index that is not there.</summary>
internal static class MissingIndexRule
{
    public const string Name = "missing-index";

    private const double HighShare = 0.2;
    private const double MediumShare = 0.05;

    // A quarter of the API's goal of 40 ms: below that nobody waits for it.
    private const double NoticedMs = 10;

    public static bool IsWorthCreating(IndexProposal proposal) => !proposal.IsGuess && proposal.TimeShare >= MediumShare;

    public static IEnumerable<Finding> Judge(Evidence evidence) => evidence.Advice.Proposals.Select(Judge);

    private static Finding Judge(IndexProposal proposal)
    {
        QueryGain best = proposal.Gains[0];
        double meanMs = best.Query.TotalMs / Math.Max(1, best.Query.Calls);
        return new Finding(
            Name,
            proposal.Table,
            SeverityOf(proposal, meanMs),
            proposal.IsGuess ? 0.5 : proposal.Proof == IndexProof.Hypothetical ? 0.95 : 0.85,
            $"The table {proposal.Table} has no index {proposal.Definition.Replace("using btree ", "", StringComparison.Ordinal)}, which {Statements(proposal.Gains.Count)} would use.",
            [
                new("share of all statements' time that it saves", proposal.TimeShare * 100, "%", MediumShare * 100),
                new("mean time of the slowest of them", meanMs, "ms"),
                new("calls", best.Query.Calls),
                new("planner's cost without it", best.CostBefore),
                new("planner's cost with it", best.CostAfter),
                new("its size", proposal.EstimatedBytes, "bytes"),
                new("rows written to the table", proposal.WritesPerSecond, "/s"),
            ],
            $"Every call reads far more of the table than it returns: {Phrase.Excerpt(best.Query.Text)}",
            new Remedy(
                proposal.IsGuess
                    ? "Create the index where the statements ask for a small part of the table; for a large part it is of no use. Try it on a copy."
                    : proposal.Replaces.Count == 0
                    ? "Create the index; readers and writers go on meanwhile."
                    : "Create the index; readers and writers go on meanwhile. The indexes that it replaces can go then.",
                [proposal.Sql, .. proposal.Replaces.Select(static index => $"drop index concurrently {index}")],
                proposal.IsGuess ? null : "Maintenance:ApplyIndexes = true"),
            $"After the next run of the statement its plan names {proposal.Name}, and its mean time in pg_stat_statements is near that of an index scan.");
    }

    private static Severity SeverityOf(IndexProposal proposal, double meanMs) =>
        !proposal.IsGuess && proposal.TimeShare >= HighShare && meanMs >= NoticedMs ? Severity.High
        : proposal.TimeShare >= MediumShare ? Severity.Medium
        : Severity.Low;

    private static string Statements(int count) => count == 1 ? "one statement" : $"{count} statements";
}
