using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Replaying.Outages;

/// <summary>What a flooding client gets, and what the others feel of it.</summary>
/// <param name="Outage">For the report.</param>
/// <param name="Slowdown">The others' p95 while it floods, as a multiple of what it is without.</param>
/// <param name="AnsweredShare">Of the flooding client's requests, the share that is answered.</param>
internal sealed record FloodResult(Outage Outage, double Slowdown, double AnsweredShare);

/// <summary>One client that sends twenty times what it may, in the middle of the others' load.</summary>
internal sealed class Flood(Stage stage, double rate)
{
    /// <summary>How much slower others may become.</summary>
    public const double MostSlowdown = 1.2;

    private const int Excess = 20;
    private const int LimitPerMinute = 100;
    private const int SettleSeconds = 1;
    private const string Address = "203.0.113.9";

    /// <param name="shop">In any state.</param>
    /// <param name="rounds">How often it is measured with the flood and without, in turn.</param>
    /// <param name="seconds">How long each of them is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FloodResult> RunAsync(RunningShop shop, int rounds, int seconds, CancellationToken cancellationToken)
    {
        stage.Say($"One client floods at {Excess} times its limit ...");
        await using LoadProcess flooder = await stage.StartLoadAsync(cancellationToken);
        List<double> calm = [];
        List<double> flooded = [];
        List<LoadReport> floods = [];
        long failed = 0;
        for (int round = 0; round < rounds; round++)
        {
            calm.Add(await P95Async());
            Task<LoadReport> flood = flooder.SendAsync(FloodOf(shop, SettleSeconds + seconds), static _ => { }, cancellationToken);
            flooded.Add(await P95Async());
            floods.Add(await flood);
        }

        long sent = floods.Sum(static flood => flood.All.Requests);
        long answered = sent - floods.Sum(static flood => flood.All.Errors + flood.All.Limited);
        double slowdown = flooded.Median() / calm.Median();
        return new FloodResult(
            new Outage(
                $"One client floods at {Excess} times its limit",
                $"{LimitPerMinute * Excess / 60.0:0} requests a second of one address, beside the load of all others; {rounds} times with the flood and {rounds} times without, in turn, {seconds} s each.",
                Run: null,
                Marks: [],
                [
                    new("others' p95 with the flood and without, medians", $"{Milliseconds.Text(flooded.Median())} and {Milliseconds.Text(calm.Median())}", $"<= {MostSlowdown:0.0} x", slowdown <= MostSlowdown),
                    new("others' requests that were not answered with 200", $"{failed:N0}", "0", failed == 0),
                    new("the flooding client's requests that were answered, of all it sent", $"{answered:N0} of {sent:N0}", $"<= {LimitPerMinute:N0} a minute", answered <= MostAnswered(rounds, seconds)),
                ]),
            slowdown,
            (double)answered / sent);

        async Task<double> P95Async()
        {
            MeasuredRun run = await stage.MeasureAsync("flood", Stage.Plan(shop, rate, seconds) with { WarmUpSeconds = SettleSeconds }, cancellationToken);
            failed += run.Load.All.Errors + run.Load.All.Limited;
            return run.Load.All.Latency.P95 ?? double.PositiveInfinity;
        }
    }

    private static LoadPlan FloodOf(RunningShop shop, int seconds) =>
        Stage.Plan(shop, LimitPerMinute * Excess / 60.0, seconds) with { OnlyProducts = true, OnlyAddress = Address };

    // Windows slide: as many as there are whole minutes in all of it, and one more that has begun.
    private static int MostAnswered(int rounds, int seconds) => LimitPerMinute * (1 + (2 * rounds * (SettleSeconds + seconds) + 59) / 60);
}
