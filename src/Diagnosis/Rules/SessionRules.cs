using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Transactions that stay open, and sessions that wait for each other.</summary>
internal static class SessionRules
{
    public const string LongTransaction = "long-transaction";
    public const string LockContention = "lock-contention";
    public const string Deadlocks = "deadlocks";

    private static readonly TimeSpan LongIdle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongActive = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan VeryLong = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan VeryLongWait = TimeSpan.FromSeconds(5);
    private const int ManyWaiters = 3;
    private const int VeryManyWaiters = 10;

    public static IEnumerable<Finding> JudgeTransactions(Evidence evidence) =>
        from server in evidence.Reachable
        let open = server.Transactions.Where(static transaction => transaction.Age >= BoundOf(transaction)).ToArray()
        where open.Length > 0
        let oldest = open.MaxBy(static transaction => transaction.Age)
        select new Finding(
            LongTransaction,
            oldest.ProcessId is { } process ? $"process {process} on {server.Name}" : $"prepared transaction {oldest.Application} on {server.Name}",
            oldest.Age >= VeryLong ? Severity.High : Severity.Medium,
            0.9,
            $"A transaction of {App(oldest.Application)} on {server.Name} has been open for {Phrase.Of(oldest.Age)} ({oldest.State}).",
            [
                new("open for", oldest.Age.TotalSeconds, "s", BoundOf(oldest).TotalSeconds),
                new("such transactions", open.Length),
                new("of them idle", open.Count(static transaction => IsIdle(transaction))),
            ],
            "It keeps its locks and its connection, and no row that was deleted since can be removed anywhere in the database.",
            new Remedy(
                $"Find out why {App(oldest.Application)} does not end it, and let the server end such transactions by itself. Its last statement: {Phrase.Excerpt(oldest.Statement)}",
                oldest.ProcessId is { } pid
                    ? [$"select pg_terminate_backend({pid})", "alter role <role of the app> set idle_in_transaction_session_timeout = '30s'"]
                    : [$"rollback prepared '{oldest.Application.Replace("'", "''", StringComparison.Ordinal)}'"],
                "idle_in_transaction_session_timeout = 30s"),
            "select max(now() - xact_start) from pg_stat_activity where backend_type = 'client backend'");

    public static IEnumerable<Finding> JudgeLocks(Evidence evidence) =>
        from server in evidence.Reachable
        let waits = server.LockWaits
        where waits.Count >= ManyWaiters || waits.Any(static wait => wait.Age >= LongWait)
        let subject = waits.GroupBy(static wait => wait.Object).OrderByDescending(static queue => queue.Count()).First().Key
        let longest = waits.Max(static wait => wait.Age)
        let blocker = server.LockBlockers.MaxBy(static blocker => blocker.Age)
        select new Finding(
            LockContention,
            subject,
            longest >= VeryLongWait || waits.Count >= VeryManyWaiters ? Severity.High : Severity.Medium,
            0.95,
            blocker is null
                ? $"{waits.Count} sessions on {server.Name} wait for locks, most of them for {subject}."
                : $"{waits.Count} sessions on {server.Name} wait for a lock that process {blocker.ProcessId} of {App(blocker.Application)} holds ({blocker.State}).",
            [
                new("sessions that wait", waits.Count, "", ManyWaiters),
                new("longest wait", longest.TotalSeconds, "s", LongWait.TotalSeconds),
                .. blocker is null
                    ? Array.Empty<Measurement>()
                    : [new("process that holds it", blocker.ProcessId), new("its transaction is open for", blocker.Age.TotalSeconds, "s")],
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

    private static TimeSpan BoundOf(OpenTransaction transaction) => IsIdle(transaction) ? LongIdle : LongActive;

    private static bool IsIdle(OpenTransaction transaction) => transaction.State.StartsWith("idle", StringComparison.Ordinal);

    private static string App(string application) => application.Length == 0 ? "an app without a name" : $"'{application}'";
}
