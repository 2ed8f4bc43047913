using System.Text;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>The report for a terminal.</summary>
internal static class ReportText
{
    public static string Write(LoadReport report)
    {
        StringBuilder text = new();
        text.AppendLine($"{report.Target}, {report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {report.Seconds:0.#} s");
        text.AppendLine($"sent from: {report.Machine}");
        text.AppendLine($"rate: {report.Rate.Offered:0.0} requests/s offered, {report.Rate.Achieved:0.0} answered well");
        text.AppendLine();
        text.Append(Kinds(report)).AppendLine();
        if (report.Errors.Count > 0)
            text.Append(Errors(report)).AppendLine();
        foreach (string finding in report.Findings)
            text.AppendLine($"! {finding}");
        if (report.Findings.Count > 0)
            text.AppendLine();
        text.Append(Objectives(report)).AppendLine();
        text.AppendLine(report.IsHeld ? "The objectives hold." : "The objectives do not hold.");
        return text.ToString();
    }

    private static ReportTable Kinds(LoadReport report)
    {
        ReportTable table = new("", "requests", "p50", "p95", "p99", "max", "errors", "429", "hits", "stale");
        foreach (KindFigures kind in report.Kinds.Append(report.All))
        {
            table.Add(
                kind.Kind,
                $"{kind.Requests:N0}",
                Milliseconds.Text(kind.Latency.P50),
                Milliseconds.Text(kind.Latency.P95),
                Milliseconds.Text(kind.Latency.P99),
                Milliseconds.Text(kind.Latency.Max),
                $"{kind.Errors:N0}",
                $"{kind.Limited:N0}",
                Milliseconds.Percent(kind.HitRatio),
                Milliseconds.Percent(kind.StaleShare));
        }

        return table;
    }

    private static ReportTable Errors(LoadReport report)
    {
        ReportTable table = new("error", "requests");
        foreach (ErrorCount error in report.Errors)
            table.Add(error.Reason, $"{error.Requests:N0}");
        return table;
    }

    private static ReportTable Objectives(LoadReport report)
    {
        ReportTable table = new("objective", "figure", "bound", "");
        foreach (Objective objective in report.Objectives)
            table.Add(objective.Name, objective.Figure, objective.Bound, objective.IsHeld ? "held" : "not held");
        return table;
    }
}
