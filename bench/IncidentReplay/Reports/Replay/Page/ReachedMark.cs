using TByte.Functions.Diagnosis.Reports.Html;

namespace TByte.Functions.IncidentReplay.Reports.Replay.Page;

/// <summary>Whether a bound is reached, in words; the colour only repeats it.</summary>
internal static class ReachedMark
{
    public static void Write(HtmlWriter html, bool isReached) =>
        html.Add("span", isReached ? "reached" : "not reached", ("class", isReached ? "mark well" : "mark high"));
}
