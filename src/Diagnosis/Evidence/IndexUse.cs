namespace TByte.Functions.Diagnosis;

/// <summary>An index, as one server sees it.</summary>
internal sealed record IndexUse
{
    /// <summary>With its schema unless that is <c>public</c>, quoted where it must be.</summary>
    public required string Name { get; init; }

    public required string Table { get; init; }

    /// <summary>The statement that made it.</summary>
    public required string Definition { get; init; }

    /// <summary>Scans since the server's statistics were reset.</summary>
    public required long Scans { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Size it would have if it were made anew, estimated generously; null when that is not known.</summary>
    public required long? FreshBytes { get; init; }

    public required bool IsUnique { get; init; }

    /// <summary>A constraint, a replica identity or a partitioned table needs it.</summary>
    public required bool IsNeeded { get; init; }

    public required bool IsValid { get; init; }

    /// <summary>It is being built at the moment.</summary>
    public required bool IsBuilding { get; init; }

    /// <summary>Its key columns in order, each with its operator class, collation and direction.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>Columns that it only carries.</summary>
    public required IReadOnlyList<string> Included { get; init; }

    /// <summary>Method and predicate; only indexes with the same ones can stand in for each other.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether this one can do all that the other one can.</summary>
    public bool Covers(IndexUse other) =>
        Table == other.Table
        && Kind == other.Kind
        && (other.Keys.Count == Keys.Count || (other.Keys.Count < Keys.Count && Kind.StartsWith("btree", StringComparison.Ordinal)))
        && Keys.Take(other.Keys.Count).SequenceEqual(other.Keys)
        && other.Included.All(column => Included.Contains(column) || Keys.Any(key => key.Split(' ')[0] == column));
}
