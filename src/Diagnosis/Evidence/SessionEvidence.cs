namespace TByte.Functions.Diagnosis;

/// <summary>Client connections of a server, over all databases.</summary>
/// <param name="Total">All of them, this one not counted.</param>
/// <param name="Active">Running a statement.</param>
/// <param name="Idle">Doing nothing.</param>
/// <param name="IdleInTransaction">Holding a transaction open without running a statement.</param>
/// <param name="Max">What <c>max_connections</c> leaves to ordinary users.</param>
/// <param name="LargestUser">The application with the most connections.</param>
/// <param name="LargestUserCount">How many it has.</param>
internal sealed record SessionCounts(int Total, int Active, int Idle, int IdleInTransaction, int Max, string LargestUser, int LargestUserCount);

/// <summary>A transaction that has been open for long.</summary>
/// <param name="ProcessId">The backend; null for a prepared transaction.</param>
/// <param name="Application">Its application name, or its global id.</param>
/// <param name="State">E.g. <c>idle in transaction</c>, <c>active</c>, <c>prepared</c>.</param>
/// <param name="Age">For how long.</param>
/// <param name="Statement">What it runs, or ran last.</param>
/// <param name="StatementAge">For how long it has been running the statement; null while it runs none.</param>
/// <param name="Role">Whose it is, quoted where it must be; null when that is not known.</param>
internal sealed record OpenTransaction(
    int? ProcessId, string Application, string State, TimeSpan Age, string Statement, TimeSpan? StatementAge = null, string? Role = null);

/// <summary>A session that waits for a lock.</summary>
/// <param name="ProcessId">Its backend.</param>
/// <param name="Age">For how long it has waited.</param>
/// <param name="Object">What it waits for: a table, or a kind of lock.</param>
/// <param name="Statement">What it runs.</param>
/// <param name="Blockers">The backends that are in its way.</param>
internal sealed record LockWait(int ProcessId, TimeSpan Age, string Object, string Statement, IReadOnlyList<int> Blockers);

/// <summary>A session that others wait for and that itself waits for nobody.</summary>
/// <param name="ProcessId">Its backend.</param>
/// <param name="Application">Its application name.</param>
/// <param name="State">E.g. <c>idle in transaction</c>.</param>
/// <param name="Age">Of its transaction, or since it does nothing; null when this role may not see it.</param>
/// <param name="Statement">What it runs, or ran last.</param>
internal sealed record LockBlocker(int ProcessId, string Application, string State, TimeSpan? Age, string Statement);
