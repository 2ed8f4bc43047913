namespace TByte.Functions.Operations;

/// <summary>Adds up slots of any number of instances. Percentiles are taken of the sum: those of instances could not be added.</summary>
internal sealed class RequestTally
{
    private readonly long[] _counts = new long[LatencyScale.Buckets];
    private long _answers;
    private long _failed;

    /// <summary>Adds a slot; one that is not of this scale is left out whole.</summary>
    public void Add(RequestSlot slot)
    {
        if (!IsOfThisScale(slot))
            return;

        int bucket = 0;
        for (int i = 0; i < slot.Latencies.Count; i += 2)
        {
            bucket += slot.Latencies[i];
            _counts[bucket] += slot.Latencies[i + 1];
            _answers += slot.Latencies[i + 1];
        }
        _failed += slot.Failed;
    }

    public RequestFigures Read() => new(
        _answers, _failed, _answers == 0 ? null : Math.Round((double)_failed / _answers, 6), Percentile(50), Percentile(95), Percentile(99));

    /// <summary>In milliseconds: the time of the answer that stands at this percentage when all are ordered by it. Null without answers.</summary>
    public double? Percentile(int percent)
    {
        if (_answers == 0)
            return null;

        long rank = Math.Max(1, (_answers * percent + 99) / 100);
        long passed = 0;
        int bucket = -1;
        while (passed < rank)
            passed += _counts[++bucket];
        return Math.Round(LatencyScale.MiddleOf(bucket), 4);
    }

    // Other versions may have another scale.
    private static bool IsOfThisScale(RequestSlot slot)
    {
        if (slot.Latencies.Count % 2 != 0 || slot.Failed < 0)
            return false;

        long bucket = 0;
        long answers = 0;
        for (int i = 0; i < slot.Latencies.Count; i += 2)
        {
            bucket += slot.Latencies[i];
            answers += slot.Latencies[i + 1];
            if (slot.Latencies[i] < 0 || slot.Latencies[i + 1] <= 0 || bucket >= LatencyScale.Buckets)
                return false;
        }
        return slot.Failed <= answers;
    }
}
