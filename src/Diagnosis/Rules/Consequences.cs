namespace TByte.Functions.Diagnosis;

/// <summary>Tells causes from what follows from them: the cause is told first, and what is only its shadow is left out.</summary>
internal static class Consequences
{
    public static IEnumerable<Finding> Weigh(IReadOnlyList<Finding> findings, Evidence evidence)
    {
        foreach (Finding finding in findings)
        {
            if (findings.FirstOrDefault(cause => cause != finding && Explains(cause, finding, evidence)) is not { } cause)
                yield return finding;
            else if (!IsShadow(finding))
                yield return finding with
                {
                    Severity = Severity.Low,
                    Confidence = finding.Confidence / 2,
                    What = $"{finding.What} Probably follows from: {cause.Rule} ({cause.Subject}).",
                };
        }
    }

    /// <summary>Says nothing that its cause does not say better.</summary>
    private static bool IsShadow(Finding finding) => finding.Rule is StatementRules.SequentialScans or StatementRules.SlowQuery or StatementRules.SortsOnDisk
        or IndexRules.Unused;

    private static bool Explains(Finding cause, Finding finding, Evidence evidence) => finding.Rule switch
    {
        StatementRules.SlowQuery or StatementRules.SortsOnDisk => cause.Rule switch
        {
            MissingIndexRule.Name => evidence.Advice.Proposals.Any(proposal =>
                proposal.Table == cause.Subject && proposal.Gains.Any(gain => finding.Subject == $"statement {gain.Query.Id}")),
            TableRules.StaleStatistics or SessionRules.LockContention => TextOf(finding, evidence) is { } text && TableRules.Names(text, cause.Subject),
            SessionRules.Deadlocks => TextOf(finding, evidence) is { } text && !text.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase),
            StatementRules.SortsOnDisk => finding.Rule == StatementRules.SlowQuery && cause.Subject == finding.Subject && cause.Severity >= Severity.Medium,
            _ => false,
        },
        IndexRules.Unused => cause.Rule == IndexRules.Duplicate && cause.Subject == finding.Subject,
        CacheRules.TtlTooShort or CacheRules.KeysTooSpecific or CacheRules.Cold or CacheRules.NotEffective =>
            cause is { Rule: CapacityRules.Name, Subject: CapacityRules.RedisSubject, Severity: Severity.High },
        StatementRules.SequentialScans => cause.Rule is MissingIndexRule.Name or TableRules.StaleStatistics && cause.Subject == finding.Subject,
        SessionRules.LongTransaction or SessionRules.LongQuery => cause.Rule == SessionRules.LockContention
            && cause.Evidence.Any(measured => measured.Name == "process that holds it" && finding.Subject.StartsWith($"process {measured.Value:0} ", StringComparison.Ordinal)),
        FleetRules.Breaker or FleetRules.BreakerOpen => cause.Rule == ServerRules.Away && cause.Subject == finding.Subject,
        FleetRules.PoolExhausted => cause.Rule is SessionRules.LockContention or ServerRules.Away
            || (cause.Rule == MissingIndexRule.Name && cause.Severity == Severity.High),
        TableRules.Bloat => cause.Rule == TableRules.AutovacuumOff,
        _ => false,
    };

    private static string? TextOf(Finding finding, Evidence evidence) =>
        evidence.Reachable.SelectMany(static server => server.Statements ?? []).FirstOrDefault(statement => finding.Subject == $"statement {statement.Id}")?.Text;
}
