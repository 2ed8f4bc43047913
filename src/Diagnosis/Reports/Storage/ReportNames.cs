using System.Globalization;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>The names of the blobs. Those of reports sort by time.</summary>
internal static class ReportNames
{
    public const string Folder = "reports/";
    public const string Memory = "memory.json";

    private const string Time = "yyyy'/'MM'/'dd'/'HHmmss'Z'";

    public static string Latest(ReportFormat format) => "latest" + Extension(format);

    /// <summary>E.g. <c>reports/2026/03/14/092653Z.json</c>.</summary>
    public static string Of(DateTimeOffset at, ReportFormat format) =>
        Folder + at.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture) + Extension(format);

    public static string ContentType(ReportFormat format) => format == ReportFormat.Html ? "text/html; charset=utf-8" : "application/json";

    /// <summary>When the report of that name was made; null when it is not a report's name.</summary>
    public static DateTimeOffset? TimeOf(string name)
    {
        string time = Path.ChangeExtension(name, null);
        return name.StartsWith(Folder, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(
                time[Folder.Length..], Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            && (name == Of(at, ReportFormat.Html) || name == Of(at, ReportFormat.Json)) ? at : null;
    }

    private static string Extension(ReportFormat format) => format == ReportFormat.Html ? ".html" : ".json";
}
