using System.Text.Json;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>A report for programs.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write<T>(T report) => JsonSerializer.Serialize(report, Options) + "\n";
}
