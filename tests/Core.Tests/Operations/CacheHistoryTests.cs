using TByte.Functions.Caching;
using TByte.Functions.Operations;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Core.Tests.Operations;

public sealed class CacheHistoryTests
{
    private readonly CacheCounts _counts = new();
    private readonly CacheHistory _history;

    public CacheHistoryTests() => _history = new CacheHistory(_counts);

    [Fact]
    public void At_first_it_is_all_there_was()
    {
        _counts.Add(CacheOutcome.MemoryHit);
        _counts.Add(CacheOutcome.Miss);

        Assert.Equal((new CacheStatistics(1, 0, 1, 0), new CacheStatistics(1, 0, 1, 0)), _history.Read());
    }

    [Fact]
    public void Tells_the_last_minute_and_the_last_five()
    {
        // One answer in each ten seconds, for ten minutes, and another outcome in the tenth.
        for (int second = 0; second < 600; second += 10)
        {
            _counts.Add(second < 540 ? CacheOutcome.Stale : CacheOutcome.RedisHit);
            _history.Sample();
        }
        _counts.Add(CacheOutcome.Miss);

        (CacheStatistics minute, CacheStatistics fiveMinutes) = _history.Read();

        // Between two samples the minute began up to ten seconds late.
        Assert.Equal(new CacheStatistics(0, 5, 1, 0), minute);
        Assert.Equal(new CacheStatistics(0, 6, 1, 23), fiveMinutes);
    }
}
