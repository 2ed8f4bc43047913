namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>What the server knows about a table.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sql">Its name for SQL, with its schema unless that is <c>public</c>.</param>
/// <param name="Kind">Whether it can have an index that is made while it is in use.</param>
/// <param name="Rows">As last counted or estimated.</param>
/// <param name="Pages">Of 8 KB.</param>
/// <param name="VisibleShare">Share of pages that an index-only scan need not look into, 0 to 1.</param>
/// <param name="InsertsPerSecond">Rows inserted.</param>
/// <param name="UpdatesPerSecond">Rows updated.</param>
/// <param name="DeletesPerSecond">Rows deleted.</param>
/// <param name="HotShare">Share of updates that had no index to change, 0 to 1.</param>
/// <param name="Columns">By name.</param>
/// <param name="Indexes">Those that it has, valid or not.</param>
internal sealed record TableFacts(
    string Schema,
    string Name,
    string Sql,
    TableKind Kind,
    double Rows,
    double Pages,
    double VisibleShare,
    double InsertsPerSecond,
    double UpdatesPerSecond,
    double DeletesPerSecond,
    double HotShare,
    IReadOnlyDictionary<string, ColumnFacts> Columns,
    IReadOnlyList<ExistingIndex> Indexes)
{
    private const double FewRows = 1_000;
    private const double FewPages = 64;

    /// <summary>Whether reading all of it costs next to nothing.</summary>
    public bool IsSmall => Rows < FewRows || Pages < FewPages;

    public double WritesPerSecond => InsertsPerSecond + UpdatesPerSecond + DeletesPerSecond;
}

internal enum TableKind
{
    Ordinary,
    Partition,

    /// <summary>Temporary, foreign, of the system, or unknown.</summary>
    Other,
}

/// <summary>What the server knows about a column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sql">Its name for SQL.</param>
/// <param name="Number">Its place in the table.</param>
/// <param name="Type">Its type, without a schema.</param>
/// <param name="IsOrdered">Whether a B-tree can hold it.</param>
/// <param name="Width">Mean width in bytes.</param>
/// <param name="NullShare">Share of rows without a value, 0 to 1.</param>
/// <param name="Distinct">As <c>pg_stats.n_distinct</c>: a number, or less than zero for a share of the rows; null when it is not known.</param>
/// <param name="Correlation">Of its order with that of the rows, -1 to 1.</param>
/// <param name="TrueShare">Of a boolean: share of rows in which it is true; null when it is not known.</param>
internal sealed record ColumnFacts(
    string Name,
    string Sql,
    int Number,
    string Type,
    bool IsOrdered,
    double Width,
    double NullShare,
    double? Distinct,
    double Correlation,
    double? TrueShare)
{
    // What the planner assumes when it knows nothing.
    private const double UnknownDistinct = 200;

    /// <summary>How many different values it has, at least 1.</summary>
    public double DistinctValues(double rows) => Math.Max(1, Distinct switch
    {
        null => Math.Min(UnknownDistinct, rows),
        < 0 and { } share => -share * rows,
        { } number => number,
    });
}
