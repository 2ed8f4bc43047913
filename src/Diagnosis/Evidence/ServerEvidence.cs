namespace TByte.Functions.Diagnosis;

/// <summary>What was seen of one server. What could not be seen is null or empty, and named in <see cref="Evidence.NotSeen"/>.</summary>
internal sealed record ServerEvidence
{
    public required string Name { get; init; }

    /// <summary>It is named as a replica.</summary>
    public required bool IsReplica { get; init; }

    /// <summary>It follows another server.</summary>
    public bool IsInRecovery { get; init; }

    /// <summary>Why it could not be asked; null when it answered.</summary>
    public string? Problem { get; init; }

    /// <summary>It refused us because it has no connection left.</summary>
    public bool IsFull { get; init; }

    public string? Version { get; init; }

    /// <summary>Of this server's statements and tables; they may have been reset later than the others'.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Those that ran in the window, what took the most time first.</summary>
    public IReadOnlyList<StatementUse>? Statements { get; init; }

    public IReadOnlyList<TableUse>? Tables { get; init; }

    public IReadOnlyList<IndexUse>? Indexes { get; init; }

    public DatabaseUse? Database { get; init; }

    public SessionCounts? Sessions { get; init; }

    public IReadOnlyList<OpenTransaction> Transactions { get; init; } = [];

    public IReadOnlyList<LockWait> LockWaits { get; init; } = [];

    public IReadOnlyList<LockBlocker> LockBlockers { get; init; } = [];

    /// <summary>Of a replica.</summary>
    public ReplayState? Replay { get; init; }

    /// <summary>Where the log is: of a replica, up to where it was replayed.</summary>
    public long? LogPosition { get; init; }

    /// <summary>Of a primary: slots that nobody reads and that hold the log back.</summary>
    public IReadOnlyList<IdleSlot> IdleSlots { get; init; } = [];

    /// <summary>Counters of ids that are used up soonest.</summary>
    public IReadOnlyList<IdUse> Ids { get; init; } = [];

    /// <summary>Executions of all statements in the window.</summary>
    public long Calls { get; init; }

    /// <summary>How long they took.</summary>
    public double TotalMs { get; init; }

    public double? MeanMs => Calls > 0 ? TotalMs / Calls : null;
}

/// <summary>What a database has been through.</summary>
/// <param name="Commits">Transactions that were committed.</param>
/// <param name="Rollbacks">Transactions that were rolled back.</param>
/// <param name="BlocksHit">Blocks found in the server's memory.</param>
/// <param name="BlocksRead">Blocks that were not.</param>
/// <param name="TempBytes">Written to temporary files.</param>
/// <param name="Deadlocks">Deadlocks that were broken up.</param>
/// <param name="Checkpoints">Checkpoints of the server that came before their time; null when that is not known.</param>
public sealed record DatabaseCounter(long Commits, long Rollbacks, long BlocksHit, long BlocksRead, long TempBytes, long Deadlocks, long? Checkpoints = null)
{
    internal DatabaseCounter Since(DatabaseCounter? earlier) => earlier is null || earlier.Commits > Commits || earlier.BlocksHit > BlocksHit
        ? this
        : new DatabaseCounter(
            Commits - earlier.Commits, Rollbacks - earlier.Rollbacks, BlocksHit - earlier.BlocksHit, BlocksRead - earlier.BlocksRead,
            TempBytes - earlier.TempBytes, Deadlocks - earlier.Deadlocks, Checkpoints - earlier.Checkpoints);
}

/// <summary>The database as a whole.</summary>
/// <param name="Use">In the window.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="TransactionAge">Transactions since the oldest one that is not frozen, of all databases.</param>
/// <param name="FreezeAge">From which age on autovacuum freezes.</param>
/// <param name="IsVacuumed">Autovacuum is on.</param>
/// <param name="MaxWalBytes">Log after which a checkpoint comes before its time.</param>
/// <param name="CountedSince">When its statistics were reset, or the server started if they never were; null when that is not known.</param>
internal sealed record DatabaseUse(
    DatabaseCounter Use, long? Bytes, long TransactionAge, long FreezeAge, bool IsVacuumed, long MaxWalBytes, DateTimeOffset? CountedSince);

/// <summary>How a replica follows.</summary>
/// <param name="IsPaused">An operator has paused its replay.</param>
/// <param name="IsReceiving">It is connected to its primary.</param>
/// <param name="Age">How old the last transaction is that it has replayed; null when there was none.</param>
/// <param name="BytesBehind">Log that the primary has written and it has not replayed; null when that is not known.</param>
internal sealed record ReplayState(bool IsPaused, bool IsReceiving, TimeSpan? Age, long? BytesBehind);

/// <summary>A replication slot that nobody reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Log that it holds back.</param>
internal sealed record IdleSlot(string Name, long Bytes);

/// <summary>Ids that are drawn from a bounded range.</summary>
/// <param name="Name">The sequence.</param>
/// <param name="Used">The last one drawn.</param>
/// <param name="Max">The last one there is.</param>
internal sealed record IdUse(string Name, long Used, long Max);
