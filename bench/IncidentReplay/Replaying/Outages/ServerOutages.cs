using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.IncidentReplay.Replaying.Outages;

/// <summary>What came of an outage.</summary>
/// <param name="Report">For people.</param>
/// <param name="Answered">Share of the reads that were answered with 200 while it lasted.</param>
internal sealed record ServerOutage(Outage Report, double Answered);

/// <summary>Servers and instances that go away in the middle of a load, and come back.</summary>
internal sealed class ServerOutages(Stage stage, double rate)
{
    /// <summary>Share of the reads that must be answered while the primary is down.</summary>
    public const double LeastAnswered = 0.999;

    private int Calm => stage.Scale.CalmSeconds;

    private int Away => stage.Scale.OutageSeconds;

    public Task<ServerOutage> RedisKilledAsync(RunningShop shop, CancellationToken cancellationToken) => RunAsync(
        "redis-killed",
        "Redis is killed",
        "SIGKILL, and a new, empty server later: memory and the database answer meanwhile.",
        Plan(shop),
        new Fault(Calm, "Redis killed", _ => stage.Servers.Redis.KillAsync()),
        new Fault(Calm + Away, "Redis back, empty", stage.Servers.Redis.RestartAsync),
        cancellationToken);

    public Task<ServerOutage> ReplicaKilledAsync(RunningShop shop, CancellationToken cancellationToken)
    {
        TestPostgresServer replica = stage.Servers.Postgres.Replicas[0];
        return RunAsync(
            "replica-killed",
            "A replica is killed",
            "SIGKILL, and started again later: the other replica answers meanwhile.",
            Plan(shop),
            new Fault(Calm, "replica 1 killed", _ => replica.KillAsync()),
            new Fault(Calm + Away, "replica 1 back", token => RestartAsync([replica], token)),
            cancellationToken);
    }

    public Task<ServerOutage> PrimaryDownAsync(RunningShop shop, CancellationToken cancellationToken)
    {
        TestPostgresServer primary = stage.Servers.Postgres.Primary;
        return RunAsync(
            "primary-down",
            "The primary is down",
            "SIGKILL, and started again later; reads of every kind go on.",
            Plan(shop),
            new Fault(Calm, "primary killed", token => KillAsync(primary, token)),
            new Fault(Calm + Away, "primary back", token => RestartAsync([primary], token)),
            cancellationToken);
    }

    public Task<ServerOutage> AllDatabasesHungAsync(RunningShop shop, CancellationToken cancellationToken) => RunAsync(
        "databases-hung",
        "The primary and all replicas hang",
        "SIGSTOP: connections stay open and nothing answers. Only products are read, all of which were warmed.",
        Plan(shop) with { OnlyProducts = true },
        new Fault(Calm, "all database servers hang", _ => EachDatabase(static server => server.Stop())),
        new Fault(Calm + Away, "they go on", _ => EachDatabase(static server => server.Continue())),
        cancellationToken);

    public Task<ServerOutage> InstanceKilledAsync(RunningShop shop, CancellationToken cancellationToken)
    {
        ShopInstance instance = shop.Instances[0];
        return RunAsync(
            "instance-killed",
            "An instance is killed",
            "SIGKILL, and started again later where it was. A refused connection goes to the next instance, as a load balancer does it; what the instance was answering is lost.",
            Plan(shop),
            new Fault(Calm, "instance 1 killed", _ => instance.KillAsync()),
            new Fault(Calm + Away, "instance 1 back", instance.RestartAsync),
            cancellationToken);
    }

    private LoadPlan Plan(RunningShop shop) => Stage.Plan(shop, rate, Calm + Away + Calm);

    private async Task<ServerOutage> RunAsync(
        string name, string title, string description, LoadPlan plan, Fault fails, Fault heals, CancellationToken cancellationToken)
    {
        stage.Say($"{title} at {plan.Rate:N0} requests/s ...");
        FaultyRun faulty = await FaultyRun.MeasureAsync(stage, name, plan, [fails, heals], cancellationToken);
        MeasuredRun run = faulty.Run;
        // From the moment of the fault until it is healed; what was being healed counts as well.
        (double from, double to) = (fails.At, faulty.Marks[^1].At);
        double answered = Figures.AnsweredShare(run, from, to);
        OutageFigure[] figures =
        [
            new("answered with 200 while it lasts", Percent(answered), $">= {Percent(LeastAnswered)}", answered >= LeastAnswered),
            new("not answered with 200: before, while, after", $"{Figures.Failed(run, 0, from):N0}, {Figures.Failed(run, from, to):N0}, {Figures.Failed(run, to, plan.Seconds):N0}", "", true),
            new("p95 of the worst second: before, while, after", $"{Worst(0, from)}, {Worst(from, to)}, {Worst(to, plan.Seconds)}", "", true),
            new("stale, of all answers", Milliseconds.Percent(run.Load.All.StaleShare), "", true),
        ];
        return new ServerOutage(new Outage(title, description, run, faulty.Marks, figures), answered);

        string Worst(double begin, double end) => Milliseconds.Text(Figures.WorstP95(run, begin, end));
    }

    private static string Percent(double share) => $"{100 * share:0.0##} %";

    private Task EachDatabase(Action<TestPostgresServer> act)
    {
        foreach (TestPostgresServer server in stage.Servers.Databases)
            act(server);
        return Task.CompletedTask;
    }

    // With little to recover, as on a server that has run for long: how long that takes is not what is looked at.
    private async Task KillAsync(TestPostgresServer primary, CancellationToken cancellationToken)
    {
        await stage.Servers.ExecuteAsync("checkpoint", cancellationToken);
        await primary.KillAsync();
    }

    private async Task RestartAsync(IReadOnlyList<TestPostgresServer> servers, CancellationToken cancellationToken)
    {
        foreach (TestPostgresServer server in servers)
            await server.RestartAsync(cancellationToken);
        await stage.KeepProcessorsApartAsync(cancellationToken);
    }
}
