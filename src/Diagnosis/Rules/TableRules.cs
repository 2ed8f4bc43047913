using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Tables that are not looked after.</summary>
internal static class TableRules
{
    public const string StaleStatistics = "stale-statistics";
    public const string Bloat = "bloat";
    public const string AutovacuumOff = "autovacuum-off";

    private const long SmallTable = 1_000;

    // Twice what autovacuum waits for.
    private const double StaleShare = 0.2;
    private const long StaleRows = 500;
    private const double WrongBy = 5;

    // From then on readers notice what the planner gets wrong.
    private const double NoticedShare = 0.2;
    private const double NoticedMs = 10;

    private const double DeadShare = 0.2;
    private const long DeadRows = 10_000;

    public static IEnumerable<Finding> JudgeStatistics(Evidence evidence) =>
        from table in evidence.Primary.Tables ?? []
        where table.LiveRows >= SmallTable && (IsChanged(table) || WrongFactor(table) >= WrongBy)
        let use = UseOf(evidence, table.Name)
        select new Finding(
            StaleStatistics,
            table.Name,
            Weight(table, use),
            !table.IsVacuumed ? 0.95 : WrongFactor(table) >= WrongBy ? 0.8 : 0.6,
            table.WasAnalyzed || table.PlannerRows > 0
                ? $"The planner's statistics of {table.Name} are out of date: {Quantity.Number(table.ChangedRows)} rows have changed since."
                : $"The planner has never seen statistics of {table.Name}.",
            [
                new("rows changed since", table.ChangedRows, "", table.LiveRows * StaleShare + StaleRows),
                new("rows", table.LiveRows),
                new("rows that the planner believes in", Math.Max(0, table.PlannerRows)),
                new("share of all statements' time that names the table", use.Share * 100, "%"),
            ],
            "The planner guesses, and may choose plans that take many times as long.",
            new Remedy(
                table.IsVacuumed ? "Analyse it; autovacuum does not keep up with its changes." : "Analyse it, and let autovacuum look after it again.",
                table.IsVacuumed
                    ? [$"analyze {table.Name}", $"alter table {table.Name} set (autovacuum_analyze_scale_factor = 0.02)"]
                    : [$"analyze {table.Name}", $"alter table {table.Name} reset (autovacuum_enabled)"]),
            $"select last_analyze, n_mod_since_analyze from pg_stat_user_tables where relid = '{table.Name.Replace("'", "''", StringComparison.Ordinal)}'::regclass");

    public static IEnumerable<Finding> JudgeBloat(Evidence evidence) =>
        from table in evidence.Primary.Tables ?? []
        let share = (double)table.DeadRows / Math.Max(1, table.LiveRows + table.DeadRows)
        where table.DeadRows >= DeadRows && share >= DeadShare
        select new Finding(
            Bloat,
            table.Name,
            Severity.Medium,
            table.IsVacuumed ? 0.7 : 0.95,
            $"{Quantity.Percent(share)} of the rows of {table.Name} are dead and were not removed.",
            [new("dead rows", table.DeadRows, "", DeadRows), new("of all rows", share * 100, "%", DeadShare * 100), new("live rows", table.LiveRows)],
            "Scans read the dead rows too, and the table grows.",
            new Remedy(
                table.IsVacuumed
                    ? "Vacuum it. If that removes little, an old transaction or a replication slot still needs the rows."
                    : "Vacuum it, and let autovacuum look after it again.",
                table.IsVacuumed
                    ? [$"vacuum (verbose) {table.Name}", $"alter table {table.Name} set (autovacuum_vacuum_scale_factor = 0.02)"]
                    : [$"vacuum (verbose) {table.Name}", $"alter table {table.Name} reset (autovacuum_enabled)"]),
            "n_dead_tup in pg_stat_user_tables is a few per cent of n_live_tup.");

    public static IEnumerable<Finding> JudgeAutovacuum(Evidence evidence) =>
        evidence.Primary.Database is { IsVacuumed: false }
            ? [
                new Finding(
                    AutovacuumOff,
                    "autovacuum",
                    Severity.Medium,
                    0.95,
                    "Autovacuum is off on the whole server.",
                    [new("setting autovacuum", 0, "", 1)],
                    "Dead rows stay, statistics age, and in the end the server refuses writes to save its transaction ids.",
                    new Remedy("Turn it on.", ["alter system set autovacuum = on", "select pg_reload_conf()"], "autovacuum = on"),
                    "show autovacuum"),
            ]
            : [];

    /// <summary>Whether a statement names a table. A rough look suffices: it only decides how much a finding matters.</summary>
    internal static bool Names(string statement, string table)
    {
        string name = table[(table.LastIndexOf('.') + 1)..];
        int at = statement.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at == 0 || !char.IsLetterOrDigit(statement[at - 1]))
            && (at + name.Length == statement.Length || statement[at + name.Length] is not '_' and var next && !char.IsLetterOrDigit(next));
    }

    /// <summary>Autovacuum comes once a minute; until then a table that nobody reads slowly can wait.</summary>
    private static Severity Weight(TableUse table, (double Share, double MeanMs) use)
    {
        bool isWrong = WrongFactor(table) >= WrongBy;
        bool isNoticed = use.Share >= NoticedShare && use.MeanMs >= NoticedMs;
        bool isRead = table.Use.SequentialScans + table.Use.IndexScans > 0;
        return isNoticed && (!table.IsVacuumed || isWrong) ? Severity.High
            : isNoticed || !table.IsVacuumed || (isWrong && isRead) ? Severity.Medium
            : Severity.Low;
    }

    private static bool IsChanged(TableUse table) => table.ChangedRows >= table.LiveRows * StaleShare + StaleRows && !WasAnalyzedWhenFilled(table);

    /// <summary>
    /// A transaction that fills a table and analyses it before it commits has its rows counted as changed afterwards. Autovacuum comes a
    /// minute later, and till then the planner knows the table well.
    /// </summary>
    private static bool WasAnalyzedWhenFilled(TableUse table) =>
        table.IsVacuumed && table.ChangedRows >= table.LiveRows * 0.9 && Math.Abs(table.PlannerRows - table.LiveRows) <= table.LiveRows * 0.01;

    /// <summary>How many times as many or as few rows there are; of a table that was never analysed the planner takes the size.</summary>
    private static double WrongFactor(TableUse table) => table.ChangedRows == 0 || table.PlannerRows < 0
        ? 1
        : Math.Max(table.LiveRows / Math.Max(1, table.PlannerRows), Math.Max(1, table.PlannerRows) / table.LiveRows);

    private static (double Share, double MeanMs) UseOf(Evidence evidence, string table)
    {
        StatementUse[] named = [.. evidence.Reachable.SelectMany(static server => server.Statements ?? []).Where(statement => Names(statement.Text, table))];
        return named.Length == 0 ? (0, 0) : (named.Sum(static statement => statement.Share), named.Max(static statement => statement.MeanMs));
    }
}
