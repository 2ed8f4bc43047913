namespace TByte.Functions.Diagnosis;

/// <summary>All rules, and the order in which what they find is told.</summary>
internal static class RuleBook
{
    /// <summary>Findings, the likeliest and worst first.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <param name="storageBytes">Size of the primary's storage; null when it is not known.</param>
    public static IReadOnlyList<Finding> Judge(Evidence evidence, long? storageBytes = null)
    {
        List<Finding> findings =
        [
            .. ServerRules.JudgeAway(evidence),
            .. CacheRules.JudgeRedis(evidence),
            .. SessionRules.JudgeLocks(evidence),
            .. ServerRules.JudgeConnections(evidence),
            .. MissingIndexRule.Judge(evidence),
            .. TableRules.JudgeStatistics(evidence),
            .. ServerRules.JudgeReplicas(evidence),
            .. CacheRules.JudgeHits(evidence),
            .. FleetRules.JudgeBreakers(evidence),
            .. FleetRules.JudgePools(evidence),
            .. SessionRules.JudgeTransactions(evidence),
            .. SessionRules.JudgeDeadlocks(evidence),
            .. SessionRules.JudgeQueries(evidence),
            .. CheckpointRule.Judge(evidence),
            .. CapacityRules.Judge(evidence, storageBytes),
            .. FleetRules.JudgeHotKey(evidence),
            .. IndexRules.JudgeInvalid(evidence),
            .. TableRules.JudgeAutovacuum(evidence),
            .. TableRules.JudgeBloat(evidence),
            .. StatementRules.JudgeSlow(evidence),
            .. FleetRules.JudgeRateLimits(evidence),
            .. IndexRules.JudgeDuplicates(evidence),
            .. IndexRules.JudgeBloat(evidence),
            .. StatementRules.JudgeScans(evidence),
            .. StatementRules.JudgeSorts(evidence),
            .. IndexRules.JudgeUnused(evidence),
        ];
        return
        [
            .. Consequences.Weigh(findings, evidence)
                .OrderByDescending(static finding => finding.Severity)
                .ThenByDescending(static finding => finding.Confidence),
        ];
    }
}
