namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>What an index costs those who write.</summary>
internal sealed class WriteCosts
{
    // One more entry in a B-tree whose pages are in memory, with its part of the log.
    private const double EntryMs = 0.02;

    private readonly IReadOnlyList<(StatementPlan Statement, IReadOnlySet<string> Columns)> _updates;
    private readonly double _seconds;
    private readonly double _busyMs;

    /// <param name="statements">The workload.</param>
    /// <param name="window">How long it took; not zero.</param>
    /// <param name="busyMs">The time of all its statements.</param>
    public WriteCosts(IReadOnlyList<StatementPlan> statements, TimeSpan window, double busyMs)
    {
        _updates = [.. statements.Select(statement => (statement, UpdatedColumns.Of(statement.Query.Text))).Where(update => update.Item2.Count > 0)];
        _seconds = window.TotalSeconds;
        _busyMs = busyMs;
    }

    /// <summary>As a share of the time of all statements.</summary>
    public double ShareOf(CandidateIndex index)
    {
        TableFacts table = index.Table;
        double entries = (table.InsertsPerSecond + (table.UpdatesPerSecond * (1 - table.HotShare))) * _seconds;
        double share = index.Entries / Math.Max(1, table.Rows);
        return ((entries * share) + LostHot(index)) * EntryMs / _busyMs;
    }

    // An update that changes an indexed column needs a new entry in every index of the table, where before it may have needed none.
    private double LostHot(CandidateIndex index) => _updates
        .Where(update => update.Columns.Any(index.Holds))
        .Sum(update => update.Statement.Query.Calls * update.Statement.UpdatedRows(index.Table) * (index.Table.Indexes.Count + 1));
}
