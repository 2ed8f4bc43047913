namespace TByte.Functions.Diagnosis.Reports;

/// <summary>The forms in which a report is kept.</summary>
public enum ReportFormat
{
    /// <summary>A page: <see cref="ReportHtml"/>.</summary>
    Html,

    /// <summary>JSON: <see cref="ReportJson"/>.</summary>
    Json,
}
