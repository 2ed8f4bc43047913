using TByte.Functions.Telemetry;

namespace TByte.Functions.Operations;

/// <summary>What the cache has answered lately, from samples of its counts, so that reads pay nothing for it.</summary>
internal sealed class CacheHistory(CacheCounts counts)
{
    private const int SamplesAMinute = 6;
    private const int Kept = 5 * SamplesAMinute;

    private readonly Lock _lock = new();
    // The oldest first; an instance begins with nothing answered.
    private readonly Queue<CacheStatistics> _samples = new([new CacheStatistics(0, 0, 0, 0)]);

    /// <summary>Takes a sample; to be called every <see cref="StatusPublisher.Interval"/>.</summary>
    public void Sample()
    {
        lock (_lock)
        {
            if (_samples.Count == Kept)
                _samples.Dequeue();
            _samples.Enqueue(counts.Read());
        }
    }

    /// <summary>The answers of the last minute and of the last five.</summary>
    public (CacheStatistics Minute, CacheStatistics FiveMinutes) Read()
    {
        CacheStatistics now = counts.Read();
        lock (_lock)
            return (now.Since(_samples.ElementAt(Math.Max(0, _samples.Count - SamplesAMinute))), now.Since(_samples.Peek()));
    }
}
