using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Load;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>The servers and the process that sends, on which one part of the replay after the other is run.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int Categories = 20;

    // Of each instance: enough for the code of reads to be compiled.
    private const int Rehearsals = 300;

    private readonly LoadContents _contents;
    private readonly Action<string> _say;

    private Stage(IncidentServers servers, LoadContents contents, LoadProcess load, ReplayScale scale, bool isApart, Action<string> say)
    {
        Servers = servers;
        _contents = contents;
        Load = load;
        Scale = scale;
        AreProcessorsApart = isApart;
        _say = say;
    }

    public IncidentServers Servers { get; }

    public LoadProcess Load { get; }

    public ReplayScale Scale { get; }

    /// <summary>Whether the database has a processor of its own.</summary>
    public bool AreProcessorsApart { get; }

    public int DatabaseProcessors => AreProcessorsApart ? 1 : Environment.ProcessorCount;

    /// <param name="scale">How large it is.</param>
    /// <param name="traceFile">A shop's real sales; null for generated ones.</param>
    /// <param name="say">Is told how it goes.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<Stage> SetAsync(ReplayScale scale, string? traceFile, Action<string> say, CancellationToken cancellationToken)
    {
        say($"Starting PostgreSQL with {scale.Replicas} replicas and Redis, and making a shop with {scale.Shop.Orders:N0} orders ...");
        IncidentServers servers = await IncidentServers.StartAsync(scale, cancellationToken);
        LoadProcess? load = null;
        try
        {
            IReadOnlyList<(long Customer, long Order)> newest = await IncidentServers.QueryAsync(
                servers.Postgres.Primary,
                "select user_id, max(id) from orders where user_id is not null group by user_id order by user_id",
                static row => (row.GetInt64(0), row.GetInt64(1)),
                cancellationToken);
            LoadContents contents = new(
                scale.Shop.Products, Categories, [.. newest.Select(static pair => pair.Customer)], [.. newest.Select(static pair => pair.Order)], traceFile);
            load = await LoadProcess.StartAsync(contents, cancellationToken);
            Stage stage = new(servers, contents, load, scale, await SetProcessorsApartAsync(servers, cancellationToken), say);
            say(stage.AreProcessorsApart ? "The database has a processor of its own." : "The database shares all processors.");
            return stage;
        }
        catch
        {
            if (load is not null)
                await load.DisposeAsync();
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells what is being done.</summary>
    public void Say(string what) => _say(what);

    /// <summary>A server that was started again is put back to where it was.</summary>
    public Task KeepProcessorsApartAsync(CancellationToken cancellationToken) => SetProcessorsApartAsync(Servers, cancellationToken);

    /// <summary>Starts the apps in a state. Their code is compiled when it returns, and nothing is cached but what the state warms.</summary>
    public async Task<RunningShop> OpenAsync(ShopState state, CancellationToken cancellationToken)
    {
        RunningShop shop = await RunningShop.StartAsync(Servers, state, Scale.Instances, cancellationToken);
        try
        {
            await Load.RehearseAsync(shop.Origins, Rehearsals * Scale.Instances, cancellationToken);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more process that sends.</summary>
    public Task<LoadProcess> StartLoadAsync(CancellationToken cancellationToken) => LoadProcess.StartAsync(_contents, cancellationToken);

    /// <summary>A load on all instances.</summary>
    public static LoadPlan Plan(RunningShop shop, double rate, int seconds) => new() { Origins = shop.Origins, Rate = rate, Seconds = seconds };

    /// <summary>The same after a peak, as it comes before an incident.</summary>
    public LoadPlan PlanAfterPeak(RunningShop shop, double rate, int seconds) =>
        Plan(shop, rate, seconds) with { WarmUpSeconds = Scale.SettleSeconds, Rush = Scale.Rush };

    /// <summary>Sends a load and watches the database.</summary>
    /// <param name="name">Of the run in the report.</param>
    /// <param name="plan">What is sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<MeasuredRun> MeasureAsync(string name, LoadPlan plan, CancellationToken cancellationToken)
    {
        await using DatabaseMeter meter = new(Servers, DatabaseProcessors);
        LoadReport report = await Load.SendAsync(plan, _say, cancellationToken);
        // What settles is not counted, nor what was still to be answered when the last request had been sent.
        DatabaseStep[] database =
        [
            .. (await meter.StopAsync())
                .Select(step => step with { At = Math.Round(step.At - plan.WarmUpSeconds, 1) })
                .Where(step => step.At >= 0.5 && step.At <= plan.Seconds + 0.5),
        ];
        return new MeasuredRun(name, report, database, database.Select(static step => step.Load).DefaultIfEmpty(0).Average());
    }

    public async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        await Servers.DisposeAsync();
    }

    private static Task<bool> SetProcessorsApartAsync(IncidentServers servers, CancellationToken cancellationToken) =>
        Processors.SetApartAsync([.. servers.Databases.SelectMany(static server => server.ProcessIds)], cancellationToken);
}
