namespace TByte.Functions.Diagnosis;

/// <summary>What a table has been through.</summary>
/// <param name="SequentialScans">Scans of the whole table.</param>
/// <param name="SequentialRows">Rows these have read.</param>
/// <param name="IndexScans">Scans by an index.</param>
/// <param name="Inserted">Rows inserted.</param>
/// <param name="Updated">Rows updated.</param>
/// <param name="Deleted">Rows deleted.</param>
public sealed record TableCounter(long SequentialScans, long SequentialRows, long IndexScans, long Inserted, long Updated, long Deleted)
{
    internal long Writes => Inserted + Updated + Deleted;

    internal TableCounter Since(TableCounter? earlier) =>
        earlier is null || earlier.SequentialScans > SequentialScans || earlier.IndexScans > IndexScans || earlier.Writes > Writes
            ? this
            : new TableCounter(
                SequentialScans - earlier.SequentialScans, SequentialRows - earlier.SequentialRows, IndexScans - earlier.IndexScans,
                Inserted - earlier.Inserted, Updated - earlier.Updated, Deleted - earlier.Deleted);
}

/// <summary>A table.</summary>
internal sealed record TableUse
{
    /// <summary>With its schema unless that is <c>public</c>, quoted where it must be.</summary>
    public required string Name { get; init; }

    /// <summary>In the window.</summary>
    public required TableCounter Use { get; init; }

    /// <summary>Rows, as the planner believes; negative when it was never told.</summary>
    public required double PlannerRows { get; init; }

    public required long LiveRows { get; init; }

    public required long DeadRows { get; init; }

    /// <summary>Rows changed since the planner's statistics were made.</summary>
    public required long ChangedRows { get; init; }

    public required bool WasAnalyzed { get; init; }

    /// <summary>Autovacuum looks after it.</summary>
    public required bool IsVacuumed { get; init; }
}
