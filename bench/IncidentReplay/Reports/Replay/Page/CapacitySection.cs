using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>How much load each state holds.</summary>
internal static class CapacitySection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        (string State, Capacity Capacity)[] states = [("before", report.BeforeCapacity), ("after", report.AfterCapacity)];
        (string State, CapacityStep Step)[] steps = [.. states.SelectMany(static of => of.Capacity.Steps.Select(step => (of.State, step)))];
        if (steps.Length == 0)
            return;
        html.Add("h2", "How much load is held");
        using (html.In("div", ("class", "timelines")))
            ChartFigure.Write(html, Draw(states, [.. steps.Select(static of => of.Step.Rate).Where(static rate => rate > 0)]));
        DataTable.Write(
            html,
            "Every load that was tried.",
            steps,
            new("state", of => html.Text(of.State)),
            new("offered", of => html.Text(ReplayFigure.Rate(of.Step.Rate)), DataTable.Number),
            new("p95", of => html.Text(Milliseconds.Text(of.Step.P95)), DataTable.Number),
            new("errors", of => html.Text(ReplayFigure.Percent(of.Step.ErrorShare)), DataTable.Number),
            new("database load", of => html.Text(ReplayFigure.Percent(of.Step.DatabaseLoad)), DataTable.Number),
            new("", of => html.Add("span", of.Step.IsHeld ? "held" : "not held", ("class", of.Step.IsHeld ? "mark well" : "mark high"))));
    }

    private static Chart Draw((string State, Capacity Capacity)[] states, IReadOnlyCollection<double> rates)
    {
        ChartAxis across = ChartAxes.Rate(rates, "requests per second, logarithmic");
        List<ChartLine> lines = [ReplayCharts.Objective(rates.Min(), rates.Max())];
        foreach ((string state, Capacity capacity) in states)
        {
            CapacityStep[] steps = [.. capacity.Steps.Where(static step => step.Rate > 0)];
            lines.Add(new ChartLine(state, state, [.. steps.Select(Point)]));
            lines.Add(ChartLine.Dots($"{state} dots", steps.Select(Point)));
            lines.Add(ChartLine.Dots("hollow", steps.Where(static step => !step.IsHeld).Select(Point)));
        }

        ChartFrame frame = ChartFrame.Wide with { Height = 300, Top = 34, Bottom = 245 };
        return new Chart("Latency p95 over the offered load", frame.Below(states.Length), across, ReplayCharts.Latency(lines), lines)
        {
            Marks = [.. states.Where(static of => of.Capacity.Held > 0)
                .OrderBy(static of => of.Capacity.Held)
                .Select(static of => new ChartMark(of.Capacity.Held, $"{of.State} holds {ReplayFigure.Held(of.Capacity)}"))],
            Note = "A full dot is a load that was held within all objectives, a hollow one was not.",
        };
    }

    private static ChartPoint Point(CapacityStep step) => new(step.Rate, step.P95);
}
