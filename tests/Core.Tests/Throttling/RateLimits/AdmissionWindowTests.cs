using CsCheck;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits;

public sealed class AdmissionWindowTests
{
    [Fact]
    public void Counts_never_less_than_the_truth_nor_what_is_older_than_a_window_and_a_slice() =>
        Gen.Select(Gen.Int[1_000, 100_000], Gen.Int[0, 30_000].Array[1, 200]).Sample((window, pauses) =>
        {
            AdmissionWindow counted = default;
            List<long> added = [];
            long now = 0;
            foreach (int pause in pauses)
            {
                now += pause;
                counted.Add(now, window);
                added.Add(now);
                int count = counted.Count(now, window);
                Assert.InRange(count, added.Count(at => now - at < window), added.Count(at => now - at <= window + window / 8 + 1));
            }
        });

    [Fact]
    public void What_is_told_to_come_free_does_and_not_before() =>
        Gen.Select(Gen.Int[1_000, 100_000], Gen.Int[0, 5_000].Array[1, 50], Gen.Int[1, 50]).Sample((window, pauses, limit) =>
        {
            AdmissionWindow counted = default;
            long now = 0;
            foreach (int pause in pauses)
            {
                now += pause;
                counted.Add(now, window);
            }

            long wait = counted.UntilBelow(limit, now, window);
            Assert.Equal(pauses.Length < limit || counted.Count(now, window) < limit, wait == 0);
            AdmissionWindow later = counted;
            Assert.True(later.Count(now + wait, window) < limit);
            if (wait > 2)
                Assert.True(counted.Count(now + wait - 2, window) >= limit);
        });

    [Fact]
    public void What_is_taken_back_does_not_count()
    {
        AdmissionWindow counted = default;
        counted.Add(5, 1_000);
        counted.Add(6, 1_000);
        counted.Remove(7, 1_000);
        Assert.Equal(1, counted.Count(8, 1_000));
        counted.Remove(900, 1_000);
        Assert.Equal(1, counted.Count(901, 1_000));
    }
}
