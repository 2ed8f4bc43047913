using CsCheck;
using TByte.Functions.Operations;

namespace TByte.Functions.Core.Tests.Operations;

public sealed class LatencyScaleTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMicroseconds((1L << 28) - 1);

    // Of every size, not mostly of the largest.
    private static readonly Gen<TimeSpan> Times = Gen.Select(
        Gen.Int[0, 30], Gen.Double[1, 2], static (power, factor) => TimeSpan.FromTicks((long)(factor * Math.Pow(2, power))));

    [Fact]
    public void The_middle_of_a_bucket_is_at_most_one_in_32_from_each_of_its_times() => Times.Sample(time =>
    {
        double milliseconds = time.TotalMilliseconds;
        double middle = LatencyScale.MiddleOf(LatencyScale.BucketOf(time));
        Assert.InRange(Math.Abs(middle - milliseconds), 0, Math.Max(milliseconds / 32, 0.0005) + 1e-9);
    });

    [Fact]
    public void A_longer_time_is_never_in_a_lower_bucket() => Gen.Select(Times, Times).Sample((one, other) =>
        Assert.True(one <= other ? LatencyScale.BucketOf(one) <= LatencyScale.BucketOf(other) : LatencyScale.BucketOf(one) >= LatencyScale.BucketOf(other)));

    [Fact]
    public void Every_bucket_has_times_and_they_follow_each_other()
    {
        double before = -1;
        for (int bucket = 0; bucket < LatencyScale.Buckets; bucket++)
        {
            double middle = LatencyScale.MiddleOf(bucket);
            Assert.True(middle > before);
            Assert.Equal(bucket, LatencyScale.BucketOf(TimeSpan.FromMilliseconds(middle)));
            before = middle;
        }
    }

    [Fact]
    public void What_is_longer_or_less_than_nothing_is_taken_for_the_nearest()
    {
        Assert.Equal(LatencyScale.Buckets - 1, LatencyScale.BucketOf(Longest));
        Assert.Equal(LatencyScale.Buckets - 1, LatencyScale.BucketOf(TimeSpan.MaxValue));
        Assert.Equal(0, LatencyScale.BucketOf(TimeSpan.Zero));
        Assert.Equal(0, LatencyScale.BucketOf(TimeSpan.FromSeconds(-1)));
    }
}
