using System.Numerics;

namespace TByte.Functions.Operations;

/// <summary>
/// Buckets for times: one for each microsecond below 32, then 16 of one width to every doubling, up to 268 s; what is longer counts as that.
/// The middle of a bucket is at most 1/32 from every time in it, or half a microsecond.
/// </summary>
internal static class LatencyScale
{
    private const int PartBits = 4;
    private const int Parts = 1 << PartBits;
    private const int MostBits = 28;

    /// <summary>How many there are.</summary>
    public const int Buckets = (MostBits - PartBits + 1) * Parts;

    /// <summary>The bucket of a time; never less than that of a shorter one.</summary>
    public static int BucketOf(TimeSpan time)
    {
        ulong microseconds = (ulong)Math.Clamp(time.Ticks / TimeSpan.TicksPerMicrosecond, 0, (1L << MostBits) - 1);
        int shift = BitOperations.Log2(microseconds | (2 * Parts - 1)) - PartBits;
        return shift * Parts + (int)(microseconds >> shift);
    }

    /// <summary>The middle of a bucket, in milliseconds.</summary>
    public static double MiddleOf(int bucket)
    {
        int shift = Math.Max(0, bucket / Parts - 1);
        long from = (long)(bucket - shift * Parts) << shift;
        return (from + (1L << shift) / 2.0) / 1_000;
    }
}
