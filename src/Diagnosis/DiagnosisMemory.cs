namespace TByte.Functions.Diagnosis;

/// <summary>What a run leaves to the next one: counters to subtract, and a trend. Written as JSON.</summary>
/// <param name="At">When the counters were read.</param>
/// <param name="History">Runs so far, the oldest first; bounded.</param>
public sealed record DiagnosisMemory(DateTimeOffset At, IReadOnlyList<HistoryPoint> History);
