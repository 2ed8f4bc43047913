namespace TByte.Functions.Diagnosis;

/// <summary>What a run leaves to the next one: counters to subtract, and a trend. Written as JSON.</summary>
/// <param name="At">When the counters were read.</param>
/// <param name="Servers">Counters of the database servers, by name.</param>
/// <param name="Redis">Of Redis; null when it did not answer.</param>
/// <param name="History">Runs so far, the oldest first; at most <see cref="MostPoints"/>.</param>
public sealed record DiagnosisMemory(
    DateTimeOffset At, IReadOnlyDictionary<string, ServerCounters> Servers, RedisMemory? Redis, IReadOnlyList<HistoryPoint> History)
{
    /// <summary>Three days of a run every five minutes.</summary>
    public const int MostPoints = 864;

    /// <summary>Counters that are older say little of now.</summary>
    internal static readonly TimeSpan Oldest = TimeSpan.FromHours(1);

    internal DiagnosisMemory With(HistoryPoint point) => this with { History = [.. History.Append(point).TakeLast(MostPoints)] };
}
