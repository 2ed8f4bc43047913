using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Diagnosis.Reports.Html;
using TByte.Functions.IncidentReplay.Reports.Charts;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>How far each remedy moves the p95 from where it starts; both charts have the same axis.</summary>
internal static class RemedyChart
{
    private const int RowHeight = 46;
    private const int Track = 31;
    private const int Top = 30;
    private const int Below = 56;
    private const int MostOfName = 46;

    /// <param name="html">The page.</param>
    /// <param name="name">What it shows.</param>
    /// <param name="report">Whose remedies are shown.</param>
    /// <param name="start">Where each starts from.</param>
    /// <param name="figures">Where each ends.</param>
    public static void Write(HtmlWriter html, string name, ReplayReport report, MeasuredRun start, Func<RemedyGain, RunFigures> figures)
    {
        double? before = report.Before.Load.All.Latency.P95, after = report.After.Load.All.Latency.P95;
        ChartAxis axis = ChartAxes.Latency(
            report.Remedies.SelectMany(static remedy => new[] { remedy.Alone.P95, remedy.Without.P95 }).Append(before).Append(after), "p95, logarithmic");
        int bottom = Top + report.Remedies.Count * RowHeight;
        ChartFrame frame = new(560, bottom + Below, 24, 536, Top, bottom);
        string label = $"{name}. The table below has the figures.";
        using (html.In("figure", ("class", "timeline")))
        {
            using (html.In("figcaption"))
                html.Add("strong", name);
            using (html.In("svg", ("viewBox", $"0 0 {frame.Width} {frame.Height}"), ("class", frame.Class), ("role", "img"), ("aria-label", label)))
            {
                ChartPlot.WriteAcross(html, frame, axis);
                WriteState(html, report, frame, axis, "before", before);
                WriteState(html, report, frame, axis, "after", after);
                foreach ((int row, RemedyGain remedy) in report.Remedies.Index())
                    WriteRow(html, frame, axis, Top + row * RowHeight, remedy.Name, start.Load.All.Latency.P95, figures(remedy).P95);
            }
        }
    }

    private static void WriteState(HtmlWriter html, ReplayReport report, ChartFrame frame, ChartAxis axis, string state, double? p95)
    {
        if (p95 is not { } known)
            return;
        string x = Coordinate.Of(frame.X(axis.ShareOf(known)));
        IEnumerable<string> rows = report.Remedies.Select((_, row) => $"M{x} {Top + row * RowHeight + Track - 8}v16");
        html.Add("path", "", ("class", state), ("d", $"M{x} {Top - 6}v8" + string.Concat(rows)));
        string label = $"{state} {Milliseconds.Text(known)}";
        html.Add("text", label, ("x", x), ("y", $"{Top - 12}"), ("text-anchor", Anchor(axis, known)), ("class", state));
    }

    private static void WriteRow(HtmlWriter html, ChartFrame frame, ChartAxis axis, int top, string name, double? from, double? to)
    {
        string shown = VisibleText.Start(VisibleText.Line(name, VisibleText.MostOfSentence), MostOfName);
        string value = to is null ? "nothing answered" : Milliseconds.Text(to);
        html.Add("text", shown, ("x", $"{frame.Left}"), ("y", $"{top + 18}"), ("class", "name"));
        html.Add("text", value, ("x", $"{frame.Right}"), ("y", $"{top + 18}"), ("text-anchor", "end"), ("class", "value"));
        if (to is not { } end)
            return;
        string x = Coordinate.Of(frame.X(axis.ShareOf(end)));
        string kind = end <= from ? "faster" : "slower";
        if (from is { } begin)
            html.Add("path", "", ("class", $"{kind} way"), ("d", $"M{Coordinate.Of(frame.X(axis.ShareOf(begin)))} {top + Track}H{x}"));
        html.Add("path", "", ("class", $"{kind} dots"), ("d", $"M{x} {top + Track}h0"));
    }

    private static string Anchor(ChartAxis axis, double value) => axis.ShareOf(value) switch
    {
        < 0.2 => "start",
        > 0.8 => "end",
        _ => "middle",
    };
}
