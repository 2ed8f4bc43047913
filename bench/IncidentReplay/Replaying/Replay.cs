using TByte.Functions.IncidentReplay.Replaying.Outages;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>What was measured in the incident's state.</summary>
/// <param name="Capacity">The highest load that it holds.</param>
/// <param name="Rate">The offered load, under which it shows the incident.</param>
/// <param name="Run">That load.</param>
/// <param name="Flood">A flooding client.</param>
/// <param name="AnsweredWhileDown">Share of the reads that are answered while the primary is down.</param>
internal sealed record BeforeResult(Capacity Capacity, double Rate, MeasuredRun Run, FloodResult Flood, double AnsweredWhileDown);

/// <summary>What was measured of the product as shipped.</summary>
/// <param name="Run">The offered load.</param>
/// <param name="Capacity">The highest load that it holds.</param>
/// <param name="Stampede">A stampede on a cold key.</param>
/// <param name="Flood">A flooding client.</param>
internal sealed record AfterResult(MeasuredRun Run, Capacity Capacity, Outage Stampede, FloodResult Flood);

/// <summary>The incident, its cure and what each remedy has in it, one after the other.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="stage">Where it is run.</param>
/// <param name="machine">What it is run on.</param>
/// <param name="time">The clock.</param>
internal sealed class Replay(ReplayOptions options, Stage stage, string machine, TimeProvider time)
{
    private const double FirstRate = 40;

    // Where the search begins that looks for what the cure holds: so many times what was offered.
    private const double FirstGain = 4;

    private readonly ReplayScale _scale = options.Scale;

    public async Task<ReplayReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = time.GetUtcNow();
        BeforeResult before = await BeforeAsync(cancellationToken);
        double rate = before.Rate;
        AfterResult after = await AfterAsync(rate, cancellationToken);
        IReadOnlyList<RemedyGain> remedies = _scale.AblationSeconds == 0 ? [] : await new Ablation(stage, rate).RunAsync(cancellationToken);
        IReadOnlyList<ServerOutage> outages = await OutagesAsync(rate, cancellationToken);

        Verdict verdict = new(before, after, outages[0].Answered);
        return new ReplayReport
        {
            StartedAt = startedAt,
            Command = options.Command,
            IsQuick = options.IsQuick,
            SetUp = new SetUp(
                machine,
                _scale.Instances,
                _scale.Replicas,
                stage.DatabaseProcessors,
                stage.AreProcessorsApart,
                $"{_scale.Shop.Products:N0} products and {_scale.Discontinued:N0} that are not sold any more, {_scale.Shop.Users:N0} users, {_scale.Shop.Orders:N0} orders",
                options.TraceFile is null ? "generated, skewed as the shop's orders are" : "a shop's real sales, in their order",
                rate),
            Verdict = options.IsQuick ? verdict.Quick() : verdict.Full(),
            Before = before.Run,
            After = after.Run,
            BeforeCapacity = before.Capacity,
            AfterCapacity = after.Capacity,
            Remedies = remedies,
            Outages = [.. outages.Select(static outage => outage.Report), after.Stampede, after.Flood.Outage],
            Findings = [.. Findings(before, after)],
        };
    }

    private IEnumerable<string> Findings(BeforeResult before, AfterResult after)
    {
        if (!stage.AreProcessorsApart)
            yield return "The database shares its processors with what calls it, so that each takes time from the other.";
        if (!after.Capacity.IsFound)
            yield return "As shipped, the highest load that was tried is held: what it really holds is more.";
        foreach (string finding in before.Run.Load.Findings)
            yield return $"Before: {finding}";
        foreach (string finding in after.Run.Load.Findings)
            yield return $"After: {finding}";
    }

    private async Task<BeforeResult> BeforeAsync(CancellationToken cancellationToken)
    {
        stage.Say("Before: the incident's state.");
        await using RunningShop incident = await stage.OpenAsync(ShopState.Incident, cancellationToken);
        Capacity capacity = await new CapacitySearch(stage, incident).RunAsync("before", FirstRate, cancellationToken);
        double rate = options.IsQuick
            ? capacity.Steps[^1].Rate
            : await new OfferedLoad(stage, incident).FindAsync(capacity.Held, cancellationToken);
        MeasuredRun run = await MeasureAsync("before", incident, rate, cancellationToken);
        // At a load that this state holds, so that it is the fault that is seen.
        double calm = Math.Max(1, Math.Round(capacity.Held / 2));
        FloodResult flood = await new Flood(stage, calm).RunAsync(incident, rounds: 1, _scale.FloodSeconds, cancellationToken);
        ServerOutage down = await new ServerOutages(stage, calm).PrimaryDownAsync(incident, cancellationToken);
        return new BeforeResult(capacity, rate, run, flood, down.Answered);
    }

    private async Task<AfterResult> AfterAsync(double rate, CancellationToken cancellationToken)
    {
        stage.Say("After: the product as shipped.");
        await using RunningShop shop = await stage.OpenAsync(ShopState.AsShipped, cancellationToken);
        MeasuredRun run = await MeasureAsync("after", shop, rate, cancellationToken);
        Outage stampede = await new Stampede(stage).RunAsync(shop, cancellationToken);
        FloodResult flood = await new Flood(stage, rate).RunAsync(shop, _scale.FloodRounds, _scale.FloodSeconds, cancellationToken);
        Capacity capacity = await new CapacitySearch(stage, shop).RunAsync("after", FirstGain * rate, cancellationToken);
        return new AfterResult(run, capacity, stampede, flood);
    }

    private async Task<MeasuredRun> MeasureAsync(string name, RunningShop shop, double rate, CancellationToken cancellationToken)
    {
        MeasuredRun run = await stage.MeasureAsync(name, stage.PlanAfterPeak(shop, rate, _scale.MeasureSeconds), cancellationToken);
        stage.Say($"{name} at {rate:N0} requests/s: {Figures.Describe(Figures.Of(run))}");
        return run;
    }

    /// <summary>The primary's is the first.</summary>
    private async Task<IReadOnlyList<ServerOutage>> OutagesAsync(double rate, CancellationToken cancellationToken)
    {
        ServerOutages servers = new(stage, rate);
        Func<RunningShop, CancellationToken, Task<ServerOutage>>[] runs = _scale.AllOutages
            ? [servers.PrimaryDownAsync, servers.AllDatabasesHungAsync, servers.ReplicaKilledAsync, servers.RedisKilledAsync, servers.InstanceKilledAsync]
            : [servers.PrimaryDownAsync];
        List<ServerOutage> outages = [];
        foreach (Func<RunningShop, CancellationToken, Task<ServerOutage>> run in runs)
        {
            await using RunningShop shop = await stage.OpenAsync(ShopState.AsShipped, cancellationToken);
            outages.Add(await run(shop, cancellationToken));
        }

        return outages;
    }
}
