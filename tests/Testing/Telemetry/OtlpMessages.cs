using System.Buffers.Binary;
using System.Globalization;

namespace TByte.Functions.Testing.Telemetry;

/// <summary>Reads the three requests of OTLP. The numbers are those of its published schema, version 1.</summary>
internal static class OtlpMessages
{
    public static IEnumerable<ReceivedSpan> Spans(WireMessage request) => Scoped(request).Select(static item => new ReceivedSpan(
        item.Scope,
        item.Message.Text(5),
        item.Message.Hex(1),
        item.Message.Hex(2),
        item.Message.Hex(4),
        item.Message.Number(7),
        (int)item.Message.Number(6),
        item.Message.Messages(15).Any(static status => status.Number(3) == 2),
        Attributes(item.Message, 9),
        [.. item.Message.Messages(11).Select(static happened => happened.Text(2))]));

    public static IEnumerable<ReceivedLog> Logs(WireMessage request) => Scoped(request).Select(static item => new ReceivedLog(
        item.Scope,
        item.Message.Messages(5).Select(Value).FirstOrDefault(""),
        item.Message.Hex(9),
        item.Message.Hex(10),
        Attributes(item.Message, 6)));

    public static IEnumerable<ReceivedMetric> Metrics(WireMessage request)
    {
        foreach ((string meter, WireMessage metric) in Scoped(request))
        {
            // Gauge, sum, histogram: of each the points are the first field. A histogram keeps its attributes elsewhere.
            WireMessage[] numbers = [.. ((int[])[5, 7]).SelectMany(metric.Messages).SelectMany(static data => data.Messages(1))];
            WireMessage[] histograms = [.. metric.Messages(9).SelectMany(static data => data.Messages(1))];
            yield return new ReceivedMetric(
                meter,
                metric.Text(1),
                metric.Text(3),
                [.. numbers.Select(static point => Attributes(point, 7)), .. histograms.Select(static point => Attributes(point, 9))],
                histograms.Length == 0 ? [] : Doubles(histograms[0].Bytes(7)));
        }
    }

    /// <summary>What all of them say of who sent it.</summary>
    public static IReadOnlyDictionary<string, string> Resource(WireMessage request) =>
        Attributes(request.Messages(1).First().Messages(1).First(), 1);

    private static IEnumerable<(string Scope, WireMessage Message)> Scoped(WireMessage request) =>
        from resource in request.Messages(1)
        from scope in resource.Messages(2)
        from item in scope.Messages(2)
        select (scope.Messages(1).Select(static named => named.Text(1)).FirstOrDefault(""), item);

    private static Dictionary<string, string> Attributes(WireMessage message, int number)
    {
        Dictionary<string, string> attributes = [];
        foreach (WireMessage pair in message.Messages(number))
            attributes[pair.Text(1)] = pair.Messages(2).Select(Value).FirstOrDefault("");
        return attributes;
    }

    private static string Value(WireMessage value) => value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? value.Double(4).ToString(CultureInfo.InvariantCulture)
        : value.Text(1);

    private static double[] Doubles(ReadOnlyMemory<byte> packed) =>
        [.. Enumerable.Range(0, packed.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(packed.Span[(i * sizeof(double))..]))];
}
