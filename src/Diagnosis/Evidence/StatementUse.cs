namespace TByte.Functions.Diagnosis;

/// <summary>What the executions of a statement have added up to.</summary>
/// <param name="Calls">How often it ran.</param>
/// <param name="TotalMs">How long that took together.</param>
/// <param name="Rows">Rows it returned or changed.</param>
/// <param name="BlocksRead">Blocks that were not in the server's memory.</param>
/// <param name="TempBlocks">Blocks written to temporary files, because its memory did not suffice.</param>
public sealed record StatementCounter(long Calls, double TotalMs, long Rows, long BlocksRead, long TempBlocks)
{
    /// <summary>What was added since; all of it when the counter was reset in between.</summary>
    internal StatementCounter Since(StatementCounter? earlier) => earlier is null || earlier.Calls > Calls || earlier.TotalMs > TotalMs
        ? this
        : new StatementCounter(
            Calls - earlier.Calls, TotalMs - earlier.TotalMs, Rows - earlier.Rows, BlocksRead - earlier.BlocksRead, TempBlocks - earlier.TempBlocks);
}

/// <summary>A statement in the window.</summary>
/// <param name="Id">PostgreSQL's id of it.</param>
/// <param name="Text">Its text, with placeholders for values.</param>
/// <param name="Use">What it has used in the window.</param>
/// <param name="Share">Its share in the time of all statements of the server, 0 to 1.</param>
/// <param name="BeforeMeanMs">Its mean before the window; null when it did not run then.</param>
internal sealed record StatementUse(long Id, string Text, StatementCounter Use, double Share, double? BeforeMeanMs)
{
    public double MeanMs => Use.Calls > 0 ? Use.TotalMs / Use.Calls : 0;
}
