using static System.FormattableString;

namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>What was measured on, and what the files hold.</summary>
internal static class SetUpFacts
{
    /// <summary>Each file that lies beside the others, and what is in it.</summary>
    public static IReadOnlyList<(string File, string Contents)> Files { get; } =
    [
        (ReplayFiles.Page, "What was measured, for people: one page that needs nothing else."),
        (ReplayFiles.Text, "The tables of the page in Markdown."),
        (ReplayFiles.Json, "Everything, for programs: percentages as shares of 1, latencies in milliseconds, times in seconds."),
        (ReplayFiles.Histograms, "All latencies of each run in microseconds: HdrHistogram's log format (V2), one tagged line a run."),
        (ReplayFiles.Picture, "Latency p95 over time before and after, as a picture for other documents."),
    ];

    public static IReadOnlyList<(string Name, string Value)> Of(ReplayReport report)
    {
        SetUp setUp = report.SetUp;
        LoadReport load = report.After.Load;
        string apart = setUp.AreProcessorsApart ? "nothing else runs on them" : "shared with the apps and the load";
        return
        [
            ("machine", setUp.Machine),
            ("instances of the Api app", Invariant($"{setUp.Instances}, each a process of its own")),
            ("replicas of the database", Invariant($"{setUp.Replicas}")),
            ("processors of the database", Invariant($"{setUp.DatabaseProcessors}, {apart}; all of their time is a load of 100 %")),
            ("contents", setUp.Contents),
            ("traffic", setUp.Traffic),
            ("offered", Invariant($"{setUp.OfferedRate:#,0.#} requests per second, {load.Seconds:0.#} s after a warm-up of {load.WarmUpSeconds:0.#} s")),
            ("latency", "from when a request was due until it was answered well or given up"),
        ];
    }
}
