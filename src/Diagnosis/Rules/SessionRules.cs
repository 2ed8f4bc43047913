using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Transactions that stay open, and sessions that wait for each other.</summary>
internal static class SessionRules
{
    public const string LongTransaction = "long-transaction";
    public const string LongQuery = "long-query";
    public const string LockContention = "lock-contention";
    public const string Deadlocks = "deadlocks";

    private static readonly TimeSpan LongIdle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongActive = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan VeryLong = TimeSpan.FromMinutes(15);

    // Many at once are no accident of one client, and use up connections sooner.
    private const int ManyIdle = 10;
    private const double MostConnections = 0.5;
    private static readonly TimeSpan ManyLongIdle = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongStatement = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan VeryLongStatement = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan VeryLongWait = TimeSpan.FromSeconds(5);
    private const int ManyWaiters = 3;
    private const int VeryManyWaiters = 10;

    public static IEnumerable<Finding> JudgeTransactions(Evidence evidence) =>
        from server in evidence.Reachable
        let bound = server.Transactions.Count(static transaction => IsIdle(transaction) && transaction.Age >= ManyLongIdle) >= ManyIdle ? ManyLongIdle : LongIdle
        let open = server.Transactions.Where(transaction => transaction.Age >= BoundOf(transaction, bound) && !IsLongStatement(transaction)).ToArray()
        where open.Length > 0
        let oldest = open.MaxBy(static transaction => transaction.Age)
        select new Finding(
            LongTransaction,
            oldest.ProcessId is { } process ? $"process {process} on {server.Name}" : $"prepared transaction {oldest.Application} on {server.Name}",
            oldest.Age >= VeryLong || open.Length >= server.Sessions?.Max * MostConnections ? Severity.High : Severity.Medium,
            0.9,
            open.Length == 1
                ? $"A transaction of {App(oldest.Application)} on {server.Name} has been open for {Phrase.Of(oldest.Age)} ({oldest.State})."
                : $"{open.Length} transactions on {server.Name} are left open, the oldest, of {App(oldest.Application)}, for {Phrase.Of(oldest.Age)} ({oldest.State}).",
            [
                new("open for", oldest.Age.TotalSeconds, "s", BoundOf(oldest, bound).TotalSeconds),
                new("such transactions", open.Length),
                new("of them idle", open.Count(static transaction => IsIdle(transaction))),
            ],
            "It keeps its locks and its connection, and no row that was deleted since can be removed anywhere in the database.",
            new Remedy(
                $"Find out why {App(oldest.Application)} does not end it, and let the server end such transactions by itself. "
                    + $"Its last statement: {Phrase.Excerpt(oldest.Statement)}",
                oldest.ProcessId is { } pid
                    ? [open.Length == 1 ? $"select pg_terminate_backend({pid})" : EndIdle(bound), .. TimeOut(oldest)]
                    : [$"rollback prepared '{oldest.Application.Replace("'", "''", StringComparison.Ordinal)}'"],
                "idle_in_transaction_session_timeout = 30s"),
            "select max(now() - xact_start) from pg_stat_activity where backend_type = 'client backend'");

    public static IEnumerable<Finding> JudgeQueries(Evidence evidence) =>
        from server in evidence.Reachable
        let running = server.Transactions.Where(transaction =>
            IsLongStatement(transaction) && !server.LockWaits.Any(wait => wait.ProcessId == transaction.ProcessId)).ToArray()
        where running.Length > 0
        let longest = running.MaxBy(static transaction => transaction.StatementAge)
        select new Finding(
            LongQuery,
            $"process {longest.ProcessId} on {server.Name}",
            longest.StatementAge >= VeryLongStatement ? Severity.Medium : Severity.Low,
            0.9,
            $"A statement of {App(longest.Application)} on {server.Name} has been running for {Phrase.Of(longest.StatementAge!.Value)}: {Phrase.Excerpt(longest.Statement)}",
            [
                new("running for", longest.StatementAge!.Value.TotalSeconds, "s", LongStatement.TotalSeconds),
                new("such statements", running.Length),
            ],
            "It takes a processor or the disk from the others, and no row that was deleted since it began can be removed.",
            new Remedy(
                "If nobody waits for its answer, cancel it; then look at its plan. It is in no statistics before it ends.",
                [$"select pg_cancel_backend({longest.ProcessId})", StatementRules.Explain(longest.Statement, isRun: false)],
                "statement_timeout for the role of the app"),
            "select pid, now() - query_start, query from pg_stat_activity where state = 'active' order by 2 desc");

    public static IEnumerable<Finding> JudgeLocks(Evidence evidence) =>
        from server in evidence.Reachable
        let waits = server.LockWaits
        where waits.Count >= ManyWaiters || waits.Any(static wait => wait.Age >= LongWait)
        let subject = waits.GroupBy(static wait => wait.Object).OrderByDescending(static queue => queue.Count()).First().Key
        let longest = waits.Max(static wait => wait.Age)
        let blocker = server.LockBlockers.Where(blocker => IsHolding(blocker, longest)).MaxBy(static blocker => blocker.Age)
        select new Finding(
            LockContention,
            subject,
            longest >= VeryLongWait || (waits.Count >= VeryManyWaiters && longest >= LongWait) ? Severity.High : Severity.Medium,
            0.95,
            blocker is null
                ? $"{waits.Count} sessions on {server.Name} wait for locks, most of them for {subject}."
                : $"{waits.Count} sessions on {server.Name} wait for a lock that process {blocker.ProcessId} of {App(blocker.Application)} holds ({blocker.State}).",
            [
                new("sessions that wait", waits.Count, "", ManyWaiters),
                new("longest wait", longest.TotalSeconds, "s", LongWait.TotalSeconds),
                .. blocker is null
                    ? Array.Empty<Measurement>()
                    : [
                        new("process that holds it", blocker.ProcessId),
                        .. blocker.Age is { } held ? [new Measurement("it has held on for", held.TotalSeconds, "s")] : Array.Empty<Measurement>(),
                    ],
            ],
            "These requests stand still and keep their connections; others queue behind them.",
            blocker is null
                ? new Remedy("Many transactions change the same rows at once. Change them in one order, keep transactions short, add up before writing.")
                : new Remedy(
                    $"End the transaction that holds the lock, then find out why it is kept open. Its last statement: {Phrase.Excerpt(blocker.Statement)}",
                    [$"select pg_terminate_backend({blocker.ProcessId})"],
                    "lock_timeout for migrations; idle_in_transaction_session_timeout for apps"),
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");

    public static IEnumerable<Finding> JudgeDeadlocks(Evidence evidence) =>
        from server in evidence.Reachable
        where server.Window > TimeSpan.Zero && server.Database?.Use.Deadlocks > 0
        select new Finding(
            Deadlocks,
            server.Name,
            Severity.Medium,
            0.95,
            $"{Quantity.Number(server.Database!.Use.Deadlocks)} deadlocks were broken up on {server.Name}.",
            [new("deadlocks", server.Database.Use.Deadlocks, "", 1), new("within", server.Window.TotalSeconds, "s")],
            "Each cost the second that it takes to be noticed, and one transaction failed.",
            new Remedy("Let every transaction change rows in the same order, e.g. by id. The server's log names the statements."),
            "select deadlocks from pg_stat_database where datname = current_database()");

    private static TimeSpan BoundOf(OpenTransaction transaction, TimeSpan idle) => IsIdle(transaction) ? idle : LongActive;

    private static bool IsLongStatement(OpenTransaction transaction) =>
        transaction.StatementAge >= LongStatement && StatementRules.IsWorkload(transaction.Statement);

    /// <summary>Whoever has it for a moment only is no culprit: the next one is in its place already. Its age may be hidden from this role.</summary>
    private static bool IsHolding(LockBlocker blocker, TimeSpan longestWait) => (blocker.Age ?? longestWait) >= LongWait;

    private static string EndIdle(TimeSpan bound) =>
        $"select pg_terminate_backend(pid) from pg_stat_activity where state like 'idle in transaction%' and xact_start < now() - interval '{bound.TotalSeconds:0} seconds'";

    private static string[] TimeOut(OpenTransaction transaction) =>
        transaction.Role is { } role ? [$"alter role {role} set idle_in_transaction_session_timeout = '30s'"] : [];

    private static bool IsIdle(OpenTransaction transaction) => transaction.State.StartsWith("idle", StringComparison.Ordinal);

    private static string App(string application) => application.Length == 0 ? "an app without a name" : $"'{application}'";
}
