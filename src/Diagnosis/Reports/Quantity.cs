using System.Globalization;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>Numbers as people read them: three digits that count, and a unit of fitting size.</summary>
internal static class Quantity
{
    private const string Unknown = "not known";
    private const int MostOfUnit = 12;

    private static readonly string[] ByteUnits = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <param name="value">The number.</param>
    /// <param name="unit">As in <see cref="Measurement.Unit"/>.</param>
    public static string Of(double value, string unit) => !double.IsFinite(value) ? Unknown : unit switch
    {
        "" => Number(value),
        "ms" => Milliseconds(value),
        "s" => Milliseconds(value * 1_000),
        "bytes" => Bytes(value),
        "/s" => $"{Number(value)}/s",
        _ => $"{Number(value)} {VisibleText.Start(VisibleText.Line(unit, MostOfUnit), MostOfUnit)}",
    };

    public static string Bytes(double? bytes)
    {
        if (bytes is not { } value || !double.IsFinite(value))
            return Unknown;

        int unit = 0;
        while (Math.Abs(value) >= 1_000 && unit < ByteUnits.Length - 1)
        {
            value /= 1_024;
            unit++;
        }
        return $"{Number(value)} {ByteUnits[unit]}";
    }

    public static string Milliseconds(double? milliseconds) => milliseconds is not { } value || !double.IsFinite(value)
        ? Unknown
        : Math.Abs(value) switch
        {
            < 1_000 => $"{Number(value)} ms",
            < 120_000 => $"{Number(value / 1_000)} s",
            < 7_200_000 => $"{Number(value / 60_000)} min",
            < 172_800_000 => $"{Number(value / 3_600_000)} h",
            _ => $"{Number(value / 86_400_000)} days",
        };

    /// <param name="ratio">0 to 1.</param>
    public static string Percent(double? ratio) =>
        ratio is not { } value || !double.IsFinite(value) ? Unknown : $"{Number(value * 100)} %";

    public static string Number(double? number) => number is not { } value || !double.IsFinite(value)
        ? Unknown
        : Math.Abs(value) switch
        {
            0 => "0",
            < 0.01 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
            < 1 => value.ToString("0.###", CultureInfo.InvariantCulture),
            < 10 => value.ToString("0.##", CultureInfo.InvariantCulture),
            < 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
            < 1e15 => value.ToString("N0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What rates and shares are about.</summary>
    public static string Window(TimeSpan window) =>
        window > TimeSpan.Zero ? $"the last {Milliseconds(window.TotalMilliseconds)}" : "all time since the statistics were reset";
}
