using System.Buffers.Binary;
using System.IO.Compression;
using HdrHistogram;
using HdrHistogram.Encoding;
using HdrHistogram.Iteration;
using HdrHistogram.Utilities;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>A point of a distribution.</summary>
/// <param name="Percentile">0 to 100.</param>
/// <param name="Milliseconds">What this share of the requests did not exceed.</param>
/// <param name="Requests">How many these were.</param>
internal sealed record PercentilePoint(double Percentile, double Milliseconds, long Requests);

/// <summary>Latencies in fixed memory, however many; from 1 µs to 2 min, what is longer counts as that.</summary>
/// <param name="digits">How many digits of a latency are kept.</param>
internal sealed class LatencyHistogram(int digits)
{
    private const long LongestMicroseconds = 120_000_000;
    private const int PointsPerHalf = 5;
    private const int CompressedCookie = 0x1c849314;
    private const int CompressedHeader = 2 * sizeof(int);

    private readonly LongHistogram _microseconds = new(1, LongestMicroseconds, digits);

    public void Add(TimeSpan latency) => _microseconds.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, LongestMicroseconds));

    /// <summary>In milliseconds; null of none.</summary>
    public double? Percentile(double percent) =>
        _microseconds.TotalCount == 0 ? null : Milliseconds(_microseconds.GetValueAtPercentile(percent));

    /// <summary>The distribution, closer and closer towards its end.</summary>
    public IReadOnlyList<PercentilePoint> Distribution() =>
        _microseconds.TotalCount == 0 ? [] : [.. _microseconds.Percentiles(PointsPerHalf).Select(Point)];

    /// <summary>All of it, in microseconds: HdrHistogram's compressed encoding (V2) in base64.</summary>
    /// <remarks>The library leaves out the checksum at the end, without which readers in other languages take it for cut off.</remarks>
    public string Encode()
    {
        ByteBuffer buffer = ByteBuffer.Allocate(_microseconds.GetNeededByteBufferCapacity());
        byte[] counts = new byte[_microseconds.Encode(buffer, HistogramEncoderV2.Instance)];
        buffer.Position = 0;
        for (int i = 0; i < counts.Length; i++)
            counts[i] = buffer.Get();
        using MemoryStream encoded = new();
        encoded.Write(new byte[CompressedHeader]);
        using (ZLibStream compression = new(encoded, CompressionLevel.Optimal, leaveOpen: true))
            compression.Write(counts);
        Span<byte> bytes = encoded.GetBuffer().AsSpan(0, (int)encoded.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes, CompressedCookie);
        BinaryPrimitives.WriteInt32BigEndian(bytes[sizeof(int)..], bytes.Length - CompressedHeader);
        return Convert.ToBase64String(bytes);
    }

    private static PercentilePoint Point(HistogramIterationValue value) =>
        new(Math.Round(value.PercentileLevelIteratedTo, 6), Milliseconds(value.ValueIteratedTo), value.TotalCountToThisValue);

    private static double Milliseconds(long microseconds) => microseconds / 1_000.0;
}
