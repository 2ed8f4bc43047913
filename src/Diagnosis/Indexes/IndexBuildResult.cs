namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>How it went to build an index.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Reason">Why it was not built; null when it is there.</param>
internal sealed record IndexBuildResult(IndexBuildOutcome Outcome, string? Reason = null);

internal enum IndexBuildOutcome
{
    /// <summary>It has been built.</summary>
    Created,

    /// <summary>It was there before, under this name or another.</summary>
    Exists,

    /// <summary>It was not begun: now is not the time, or this not the server.</summary>
    Refused,

    /// <summary>It was begun and did not succeed. What is left of it is removed now or by the next run.</summary>
    Failed,
}
