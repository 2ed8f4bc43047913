using System.Text.Json;
using System.Text.Json.Serialization;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>
/// Reports and memories as JSON, and back. Members are named as those of the records, in camelCase; a severity is <c>low</c>,
/// <c>medium</c> or <c>high</c>, a time ISO 8601 with its offset, a duration <c>[d.]hh:mm:ss[.fffffff]</c>, a ratio 0 to 1, and a number
/// that is not finite <c>null</c>. Members may be added; what is there keeps its name and meaning.
/// </summary>
public static class ReportJson
{
    /// <summary>A report as indented UTF-8.</summary>
    public static byte[] Write(DiagnosisReport report) => JsonSerializer.SerializeToUtf8Bytes(report, ReportJsonContext.Default.DiagnosisReport);

    /// <summary>A memory as indented UTF-8.</summary>
    public static byte[] Write(DiagnosisMemory memory) => JsonSerializer.SerializeToUtf8Bytes(memory, ReportJsonContext.Default.DiagnosisMemory);

    /// <summary>Reads what <see cref="Write(DiagnosisReport)"/> wrote, now or in an earlier version that had the same members.</summary>
    /// <exception cref="JsonException">It is not a report.</exception>
    public static DiagnosisReport ReadReport(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ReportJsonContext.Default.DiagnosisReport) ?? throw new JsonException("It is null, not a report.");

    /// <summary>Reads what <see cref="Write(DiagnosisMemory)"/> wrote, now or in an earlier version that had the same members.</summary>
    /// <exception cref="JsonException">It is not a memory.</exception>
    public static DiagnosisMemory ReadMemory(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ReportJsonContext.Default.DiagnosisMemory) ?? throw new JsonException("It is null, not a memory.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SeverityName), typeof(FiniteNumber)])]
[JsonSerializable(typeof(DiagnosisReport))]
[JsonSerializable(typeof(DiagnosisMemory))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

internal sealed class SeverityName() : JsonStringEnumConverter<Severity>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>JSON has no word for what is not finite, and a report must not fail on a ratio of nothing.</summary>
internal sealed class FiniteNumber : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
