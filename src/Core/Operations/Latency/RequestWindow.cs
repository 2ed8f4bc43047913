using TByte.Functions.Redis;

namespace TByte.Functions.Operations;

/// <summary>
/// How long this instance took to answer in the last five minutes, in fixed memory. An answer costs one or two interlocked additions; a slot
/// is made by the first answer in it.
/// </summary>
public sealed class RequestWindow
{
    /// <summary>Slots that are told, the one under way included.</summary>
    internal const int Slots = 30;

    // More than are told, so that none is taken away while it is read.
    private const int Places = 32;

    private readonly RedisClock _clock;
    private readonly TimeProvider _time;
    private readonly Slot?[] _slots = new Slot?[Places];

    internal RequestWindow(RedisClock clock, TimeProvider time)
    {
        _clock = clock;
        _time = time;
    }

    /// <summary>How much time a slot holds.</summary>
    internal static TimeSpan SlotLength { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The slot under way.</summary>
    internal long Current => NumberAt(_time.GetTimestamp());

    /// <summary>Counts an answer.</summary>
    /// <param name="began">When the request came, a timestamp of <see cref="TimeProvider"/>.</param>
    /// <param name="ended">When its answer was complete.</param>
    /// <param name="failed">Whether that was 500 or above.</param>
    public void Answered(long began, long ended, bool failed) =>
        SlotOf(NumberAt(ended)).Add(LatencyScale.BucketOf(_time.GetElapsedTime(began, ended)), failed);

    /// <summary>What was answered in each slot, the oldest first; without those in which nothing was.</summary>
    internal IReadOnlyList<RequestSlot> Read()
    {
        long current = Current;
        List<RequestSlot> told = [];
        for (long number = current - Slots + 1; number <= current; number++)
        {
            if (Volatile.Read(ref PlaceOf(number)) is { } slot && slot.Number == number)
                told.Add(slot.Read());
        }
        return told;
    }

    private long NumberAt(long timestamp) => _clock.MillisecondsAt(timestamp) / (long)SlotLength.TotalMilliseconds;

    private ref Slot? PlaceOf(long number) => ref _slots[(int)(number & (Places - 1))];

    private Slot SlotOf(long number)
    {
        ref Slot? place = ref PlaceOf(number);
        Slot? there = Volatile.Read(ref place);
        while (there is null || there.Number != number)
        {
            Slot fresh = new(number);
            Slot? before = Interlocked.CompareExchange(ref place, fresh, there);
            if (ReferenceEquals(before, there))
                return fresh;
            there = before;
        }
        return there;
    }

    private sealed class Slot(long number)
    {
        private readonly int[] _counts = new int[LatencyScale.Buckets];
        private int _failed;

        public long Number => number;

        public void Add(int bucket, bool failed)
        {
            Interlocked.Increment(ref _counts[bucket]);
            if (failed)
                Interlocked.Increment(ref _failed);
        }

        public RequestSlot Read()
        {
            // First, so that there are never more failures than answers.
            int failed = Volatile.Read(ref _failed);
            List<int> latencies = [];
            int before = 0;
            for (int bucket = 0; bucket < _counts.Length; bucket++)
            {
                if (Volatile.Read(ref _counts[bucket]) is var count and > 0)
                {
                    latencies.AddRange([bucket - before, count]);
                    before = bucket;
                }
            }
            return new RequestSlot(number, failed, latencies);
        }
    }
}
