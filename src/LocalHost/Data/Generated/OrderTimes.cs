using System;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>Orders are spread evenly over the two years up to <see cref="GeneratorOptions.Until"/>, in the order of their ids.</summary>
internal static class OrderTimes
{
    private const long SpanInSeconds = 2 * 365 * 24 * 60 * 60L;

    public static DateTime First(GeneratorOptions options) => options.Until.AddSeconds(-SpanInSeconds);

    public static DateTime Of(int order, GeneratorOptions options, ref DeterministicRandom random)
    {
        var step = Math.Max(1, SpanInSeconds * 1000 / options.Orders);
        var offset = SpanInSeconds * 1000 * order / options.Orders + (long)random.Below((ulong)step);
        return First(options).AddMilliseconds(offset);
    }
}
