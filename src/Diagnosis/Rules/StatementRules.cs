using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Statements that take long, and tables that are read whole.</summary>
internal static class StatementRules
{
    public const string SlowQuery = "slow-query";
    public const string SequentialScans = "sequential-scans";
    public const string SortsOnDisk = "sorts-on-disk";

    // The incident document's alert.
    private const double SlowMs = 100;
    private const double SlowShare = 0.1;
    private const int SlowCalls = 5;
    private const double Slower = 5;

    // So slow that few calls are enough to be sure.
    private const double VerySlowMs = 1_000;
    private const int VerySlowCalls = 2;

    private const long LargeTable = 10_000;
    private const long ManyScans = 20;
    private const long TempBlocks = 12_800; // 100 MB
    private const int BlockBytes = 8_192;

    private static readonly string[] Kinds = ["select", "insert", "update", "delete", "with", "merge", "--", "/*"];

    public static IEnumerable<Finding> JudgeSlow(Evidence evidence) =>
        from server in evidence.Reachable
        from statement in server.Statements ?? []
        where IsCalled(statement) && IsWorkload(statement.Text)
            && (IsSlow(statement) || IsSlower(statement))
        select new Finding(
            SlowQuery,
            $"statement {statement.Id}",
            Severity.Medium,
            0.9,
            IsSlower(statement)
                ? $"A statement on {server.Name} has become {Quantity.Number(statement.MeanMs / statement.BeforeMeanMs!.Value)} times as slow as it was: {Phrase.Excerpt(statement.Text)}"
                : $"A statement on {server.Name} takes {Quantity.Number(statement.MeanMs)} ms on average: {Phrase.Excerpt(statement.Text)}",
            [
                new("mean time", statement.MeanMs, "ms", SlowMs),
                .. statement.BeforeMeanMs is { } before ? [new Measurement("mean time before", before, "ms")] : Array.Empty<Measurement>(),
                new("share of all statements' time", statement.Share * 100, "%", SlowShare * 100),
                new("calls", statement.Use.Calls),
                new("rows a call", (double)statement.Use.Rows / statement.Use.Calls),
            ],
            "Whoever waits for it is slow, and it keeps a connection of the pool for that long.",
            new Remedy(
                "No index was found that would help enough. Look at its plan; ask for fewer rows, or cache the answer.",
                Explain(statement.Text, isRun: true)),
            "Its mean time in the next report is below the threshold.");

    public static IEnumerable<Finding> JudgeScans(Evidence evidence) =>
        from server in evidence.Reachable
        from table in server.Tables ?? []
        where Math.Max(table.LiveRows, table.PlannerRows) >= LargeTable && table.Use.SequentialScans >= ManyScans
            && table.Use.SequentialRows / table.Use.SequentialScans >= LargeTable / 2
        group (server, table) by table.Name into tables
        let worst = tables.MaxBy(static entry => entry.table.Use.SequentialRows)
        select new Finding(
            SequentialScans,
            worst.table.Name,
            worst.server.Statements is null ? Severity.Medium : Severity.Low,
            worst.server.Statements is null ? 0.7 : 0.4,
            $"The table {worst.table.Name} is read whole again and again on {worst.server.Name}.",
            [
                new("scans of the whole table", worst.table.Use.SequentialScans, "", ManyScans),
                new("rows read by each", (double)worst.table.Use.SequentialRows / worst.table.Use.SequentialScans),
                new("scans by an index", worst.table.Use.IndexScans),
                new("rows of the table", Math.Max(worst.table.LiveRows, worst.table.PlannerRows)),
            ],
            "Such statements become slower as the table grows.",
            worst.server.Statements is null
                ? new Remedy("Which statement it is cannot be seen without pg_stat_statements; with it, the index is proposed here.", "create extension pg_stat_statements")
                : new Remedy("No index was found that would pay: the statements may need the whole table. Consider whether they are asked too often."),
            "The number of scans stays as it is between two reports.");

    public static IEnumerable<Finding> JudgeSorts(Evidence evidence) =>
        from server in evidence.Reachable
        from statement in server.Statements ?? []
        where statement.Use.TempBlocks >= TempBlocks && IsWorkload(statement.Text) && IsCalled(statement)
        select new Finding(
            SortsOnDisk,
            $"statement {statement.Id}",
            IsSlow(statement) ? Severity.Medium : Severity.Low,
            0.8,
            $"A statement on {server.Name} sorts or hashes on disk, because its memory does not suffice: {Phrase.Excerpt(statement.Text)}",
            [
                new("written to temporary files", (double)statement.Use.TempBlocks * BlockBytes, "bytes", (double)TempBlocks * BlockBytes),
                new("calls", statement.Use.Calls),
            ],
            "It is slower than it need be, and takes the disk's time from others.",
            new Remedy("Give work_mem to the role that runs it, or ask for fewer rows.", [], "work_mem"),
            "Its temp_blks_written in pg_stat_statements does not grow any more.");

    /// <summary>Whether a statement is the work of an app, rather than of somebody who looks after the database.</summary>
    internal static bool IsWorkload(string text) =>
        Kinds.Any(kind => text.AsSpan().TrimStart().StartsWith(kind, StringComparison.OrdinalIgnoreCase));

    /// <summary>What shows a statement's plan. What may change something is not run for it.</summary>
    internal static string Explain(string text, bool isRun)
    {
        string explain = $"explain {(isRun && text.AsSpan().TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) ? "(analyze, buffers) " : "")}{text}";
        return text.Contains("$1", StringComparison.Ordinal) ? $"-- with values in place of $1 and so on: {explain}" : explain;
    }

    private static bool IsCalled(StatementUse statement) =>
        statement.Use.Calls >= SlowCalls || (statement.Use.Calls >= VerySlowCalls && statement.MeanMs >= VerySlowMs);

    private static bool IsSlow(StatementUse statement) => statement.MeanMs >= SlowMs && statement.Share >= SlowShare;

    private static bool IsSlower(StatementUse statement) =>
        statement is { BeforeMeanMs: > 0.1 and { } before, Use.Calls: >= 20, Share: >= SlowShare } && statement.MeanMs >= Math.Max(20, before * Slower);
}
