using TByte.Functions.Diagnosis.Reports.Html;
using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>The verdict, and what the cure did in five figures.</summary>
internal static class TopSection
{
    public static void Write(HtmlWriter html, ReplayReport report)
    {
        using (html.In("header", ("class", Tone(report))))
        {
            html.Add("p", "A shop's incident, replayed without and with the cure", ("class", "kicker"));
            html.Add("h1", ReplayVerdict.Sentence(report));
            html.Add("p", When(report), ("class", "when"));
            if (report.IsQuick)
                html.Add("p", ReplayVerdict.QuickWarning, ("class", "warning"), ("role", "note"));
            using (html.In("dl", ("class", "tiles")))
                WriteTiles(html, report);
        }
    }

    private static string Tone(ReplayReport report) => report switch
    {
        { IsReached: false } => "top high",
        { IsQuick: true } => "top medium",
        _ => "top",
    };

    private static string When(ReplayReport report) => Invariant(
        $"{report.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, both under {report.SetUp.OfferedRate:#,0.#} requests per second ")
        + Invariant($"for {report.After.Load.Seconds:0.#} s.");

    private static void WriteTiles(HtmlWriter html, ReplayReport report)
    {
        RunFigures before = RunSummary.Of(report.Before);
        RunFigures after = RunSummary.Of(report.After);
        WriteTile(
            html,
            "latency p95",
            Milliseconds.Text(before.P95),
            Milliseconds.Text(after.P95),
            Phrase(before.P95, after.P95, "as fast", "as slow"));
        WriteTile(html, "cache hits", ReplayFigure.Percent(before.HitRatio), ReplayFigure.Percent(after.HitRatio), "of what was read");
        WriteTile(
            html,
            "errors",
            ReplayFigure.Percent(before.ErrorShare),
            ReplayFigure.Percent(after.ErrorShare),
            Invariant($"{RunSummary.Failed(report.After.Load.All):N0} of {report.After.Load.All.Requests:N0} requests"));
        WriteTile(
            html,
            "database load",
            ReplayFigure.Percent(before.DatabaseLoad),
            ReplayFigure.Percent(after.DatabaseLoad),
            Phrase(before.DatabaseLoad, after.DatabaseLoad, "lower", "higher"));
        WriteTile(
            html,
            "load held",
            ReplayFigure.Held(report.BeforeCapacity),
            ReplayFigure.Held(report.AfterCapacity),
            ReplayFigure.Times(report.AfterCapacity.Held, report.BeforeCapacity.Held) is { } times ? $"{times} the load" : "within the objectives");
    }

    private static string Phrase(double? before, double? after, string better, string worse) => before >= after
        ? ReplayFigure.Times(before, after) is { } times ? $"{times} {better}" : ""
        : ReplayFigure.Times(after, before) is { } more ? $"{more} {worse}" : "";

    private static void WriteTile(HtmlWriter html, string name, string before, string after, string note)
    {
        using (html.In("div"))
        {
            html.Add("dt", name);
            using (html.In("dd"))
            {
                html.Add("span", $"{before} →", ("class", "was"));
                html.Add("strong", after);
                html.Add("span", note);
            }
        }
    }
}
