namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A column of a table as a plan names it.</summary>
internal readonly record struct ColumnReference(string Alias, string Column);

/// <summary>What an index could hold: a column, or a function of one.</summary>
/// <param name="Column">The column.</param>
/// <param name="Function">The function without a schema; null: the column itself.</param>
/// <param name="Cast">The type that the column is cast to first; null: none.</param>
internal sealed record KeyExpression(ColumnReference Column, string? Function = null, string? Cast = null);

/// <summary>What a plan asks of a column.</summary>
/// <param name="Key">The column.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="OtherAliases">The tables whose values it is compared with; never its own.</param>
internal sealed record Condition(KeyExpression Key, Comparison Comparison, IReadOnlySet<string> OtherAliases);

internal enum Comparison
{
    Equal,

    /// <summary>To one of an array.</summary>
    EqualAny,
    Less,
    Greater,
    IsTrue,
    IsFalse,
    IsNull,
    IsNotNull,
}
