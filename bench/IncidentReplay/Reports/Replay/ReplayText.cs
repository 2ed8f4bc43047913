using System.Text;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Load;
using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>What a replay has shown as Markdown, which a terminal shows as well.</summary>
internal static class ReplayText
{
    public static string Write(ReplayReport report)
    {
        StringBuilder text = new();
        text.AppendLine($"# {Line(ReplayVerdict.Sentence(report))}").AppendLine();
        if (report.IsQuick)
            text.AppendLine($"**{ReplayVerdict.QuickWarning}**").AppendLine();
        text.AppendLine(Invariant($"{report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {report.SetUp.OfferedRate:#,0.#} requests/s offered."))
            .AppendLine();
        if (report.Verdict.Count > 0)
            text.Append(Verdict(report)).AppendLine();
        if (report.BeforeCapacity.Steps.Count + report.AfterCapacity.Steps.Count > 0)
            text.AppendLine("## How much load is held").AppendLine().Append(Capacities(report)).AppendLine();
        if (report.Remedies.Count > 0)
            text.AppendLine("## What each remedy buys").AppendLine().Append(Remedies(report)).AppendLine();
        AppendOutages(text, report);
        AppendFindings(text, report);
        AppendSetUp(text, report);
        return text.ToString();
    }

    private static ReportTable Verdict(ReplayReport report)
    {
        ReportTable table = new("measure", "original", "before", "after", "change", "bound", "");
        foreach (VerdictRow row in report.Verdict)
            Add(table, row.Measure, row.Original, row.Before, row.After, row.Change, row.Bound, Mark(row.IsReached));
        return table;
    }

    private static ReportTable Capacities(ReplayReport report)
    {
        ReportTable table = new("state", "requests/s", "p95", "errors", "database load", "");
        Append("before", report.BeforeCapacity);
        Append("after", report.AfterCapacity);
        return table;

        void Append(string state, Capacity capacity)
        {
            foreach (CapacityStep step in capacity.Steps)
            {
                Add(
                    table,
                    state,
                    Invariant($"{step.Rate:#,0.#}"),
                    Milliseconds.Text(step.P95),
                    ReplayFigure.Percent(step.ErrorShare),
                    ReplayFigure.Percent(step.DatabaseLoad),
                    step.IsHeld ? "held" : "not held");
            }

            if (capacity.Steps.Count > 0)
                Add(table, state, ReplayFigure.Held(capacity), "", "", "", "the most that is held");
        }
    }

    private static ReportTable Remedies(ReplayReport report)
    {
        ReportTable table = new(
            "remedy", "alone: p95", "errors", "hits", "database", "without: p95", "errors", "hits", "database", "what it sets");
        Add(table, ["before", .. Cells(RunSummary.Of(report.Before)), "", "", "", "", "nothing: the incident's state"]);
        foreach (RemedyGain remedy in report.Remedies)
            Add(table, [remedy.Name, .. Cells(remedy.Alone), .. Cells(remedy.Without), remedy.Description]);
        Add(table, ["after", "", "", "", "", .. Cells(RunSummary.Of(report.After)), "all: the product as shipped"]);
        return table;
    }

    private static string[] Cells(RunFigures figures) =>
    [
        Milliseconds.Text(figures.P95),
        ReplayFigure.Percent(figures.ErrorShare),
        ReplayFigure.Percent(figures.HitRatio),
        ReplayFigure.Percent(figures.DatabaseLoad),
    ];

    private static void AppendOutages(StringBuilder text, ReplayReport report)
    {
        foreach (Outage outage in report.Outages)
        {
            text.AppendLine($"## {Line(outage.Title)}").AppendLine().AppendLine(Line(outage.Description)).AppendLine();
            if (outage.Figures.Count == 0)
                continue;
            ReportTable table = new("figure", "value", "bound", "");
            foreach (OutageFigure figure in outage.Figures)
                Add(table, figure.Name, figure.Value, figure.Bound, figure.Bound.Length == 0 ? "" : Mark(figure.IsReached));
            text.Append(table).AppendLine();
        }
    }

    private static void AppendFindings(StringBuilder text, ReplayReport report)
    {
        if (report.Findings.Count == 0)
            return;
        text.AppendLine("## To be known").AppendLine();
        foreach (string finding in report.Findings)
            text.AppendLine($"- {Line(finding)}");
        text.AppendLine();
    }

    private static void AppendSetUp(StringBuilder text, ReplayReport report)
    {
        text.AppendLine("## How it was measured").AppendLine();
        foreach ((string name, string value) in SetUpFacts.Of(report))
            text.AppendLine($"- {name}: {Line(value)}");
        text.AppendLine($"- command: `{Line(report.Command)}`").AppendLine();
        foreach ((string file, string contents) in SetUpFacts.Files)
            text.AppendLine($"- `{file}`: {contents}");
    }

    private static string Mark(bool isReached) => isReached ? "reached" : "not reached";

    private static void Add(ReportTable table, params string[] cells) =>
        table.Add([.. cells.Select(static cell => Line(cell).Replace("|", "\\|", StringComparison.Ordinal))]);

    private static string Line(string text) => VisibleText.Line(text, VisibleText.MostOfStatement);
}
