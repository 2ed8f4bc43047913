namespace TByte.Functions.Diagnosis;

/// <summary>A server's counters at a moment; the difference of two is what happened between them.</summary>
/// <param name="At">The moment.</param>
/// <param name="Statements">By PostgreSQL's id of the statement; null when it does not count them for this role.</param>
/// <param name="Tables">By name.</param>
/// <param name="Database">Of the database.</param>
public sealed record ServerCounters(
    DateTimeOffset At,
    IReadOnlyDictionary<long, StatementCounter>? Statements,
    IReadOnlyDictionary<string, TableCounter> Tables,
    DatabaseCounter? Database);
