using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Tests.Reports;

/// <summary>Runs whose every answer is made up and counted as one that came.</summary>
internal static class MadeUpRun
{
    private const int Seconds = 90;
    private const int WarmUpSeconds = 3;
    private const double DeadlineMilliseconds = 10_000;

    /// <summary>What a moment of a run is like.</summary>
    private sealed record Mood(double Hit, double HitMilliseconds, double MissMilliseconds, double Spread, double Error, double DatabaseLoad)
    {
        public double Stale { get; init; }
    }

    public static MeasuredRun Before(string name) => Run(name, static at => new(0.03, 900, Math.Min(5_000, 400 + 160 * at), 0.5, 0, 0.98));

    public static MeasuredRun After(string name) => Run(name, static _ => Well());

    public static MeasuredRun Redis(string name) => Run(name, static at => at is >= 30 and < 50 ? Well() with { Hit = 0.71, MissMilliseconds = 40, DatabaseLoad = 0.22 } : Well());

    public static MeasuredRun Primary(string name) => Run(name, static at => at switch
    {
        >= 30 and < 31.2 => Well() with { Error = 0.5, MissMilliseconds = 900, DatabaseLoad = 0 },
        >= 31.2 and < 52 => Well() with { Hit = 0.9, Stale = 0.6, Error = 0.06, DatabaseLoad = 0 },
        _ => Well(),
    });

    private static Mood Well() => new(0.94, 2.2, 16, 0.4, 0, 0.07);

    private static MeasuredRun Run(string name, Func<double, Mood> moodAt)
    {
        Random random = new(4711);
        LoadOptions options = new() { Target = "http://shop.example", Rate = MadeUpReplay.Rate, Seconds = Seconds, WarmUp = TimeSpan.FromSeconds(WarmUpSeconds) };
        Tally tally = new(options.WarmUp, TimeSpan.FromSeconds(Seconds));
        for (int i = 0; i < Seconds * MadeUpReplay.Rate; i++)
        {
            double at = i / MadeUpReplay.Rate;
            tally.Add(Answer(moodAt(at), at, random));
        }

        LoadReport load = new ReportBuilder(options, new TargetContents([], [], [], [], []), tally, new LoadRun(TimeSpan.FromSeconds(WarmUpSeconds + Seconds), false))
            .Build(new DateTimeOffset(2026, 3, 14, 9, 30, 0, TimeSpan.Zero), "http://shop.example", "the same machine");
        DatabaseStep[] database =
            [.. Enumerable.Range(1, Seconds).Select(at => new DatabaseStep(at, Math.Round(moodAt(at).DatabaseLoad * (0.9 + 0.2 * random.NextDouble()), 4)))];
        return new MeasuredRun(name, load, database, Math.Round(database.Average(static step => step.Load), 4));
    }

    private static Reading Answer(Mood mood, double at, Random random)
    {
        RequestKind kind = random.NextDouble() switch { < 0.7 => RequestKind.Product, < 0.9 => RequestKind.Page, _ => RequestKind.Order };
        bool isHit = random.NextDouble() < mood.Hit;
        double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double latency = (isHit ? mood.HitMilliseconds : mood.MissMilliseconds) * Math.Exp(mood.Spread * normal);
        bool isStale = isHit && random.NextDouble() < mood.Stale;
        double luck = random.NextDouble();
        Answer answer = luck < mood.Error ? new Answer(503, null, CacheOutcome.Unknown)
            : latency >= DeadlineMilliseconds ? new Answer(0, Target.Answer.TimedOut, CacheOutcome.Unknown)
            : new Answer(200, null, kind == RequestKind.Order ? CacheOutcome.Unknown : isStale ? CacheOutcome.Stale : isHit ? CacheOutcome.Hit : CacheOutcome.Miss);
        return new Reading(
            kind,
            TimeSpan.FromSeconds(WarmUpSeconds + at),
            TimeSpan.FromMilliseconds(0.1),
            TimeSpan.FromMilliseconds(Math.Min(latency, DeadlineMilliseconds)),
            answer);
    }
}
