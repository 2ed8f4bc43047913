using System.Text.Json;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.Testing;

namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>The side of a <see cref="LoadProcess"/> that sends: a line of <see cref="LoadContents"/>, then one for each <see cref="LoadPlan"/>; the end of the input is the order to stop.</summary>
internal sealed class LoadVerb(Func<Task<string?>> readLine, TextWriter output, TimeProvider time)
{
    public const string Name = "load";

    private static readonly LoadMessage Ready = new(Progress: "ready");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await readLine() is not { } first)
            return;
        LoadContents contents = JsonSerializer.Deserialize<LoadContents>(first)!;
        RecordedShoppers? recorded;
        try
        {
            recorded = contents.TraceFile is { } file ? RecordedShoppers.Read(file, cancellationToken) : null;
        }
        catch (SeedException unreadable)
        {
            Say(new LoadMessage(Failure: unreadable.Message));
            return;
        }

        Say(Ready);

        Task<string?> next = readLine();
        while (await next is { } line)
        {
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<LoadMessage> load = SendAsync(JsonSerializer.Deserialize<LoadPlan>(line)!, contents, recorded, stop.Token);
            // Whoever closes the input does not wait for what is under way.
            next = readLine();
            if (await Task.WhenAny(load, next) == next && await next is null)
                await stop.CancelAsync();
            Say(await load);
        }
    }

    private async Task<LoadMessage> SendAsync(LoadPlan plan, LoadContents shop, RecordedShoppers? recorded, CancellationToken stop)
    {
        try
        {
            if (plan.Rehearsals > 0)
            {
                await RehearseAsync(plan, stop);
                return Ready;
            }

            return new LoadMessage(Report: await ReportAsync(plan, shop, recorded, stop));
        }
        catch (Exception e)
        {
            return new LoadMessage(Failure: e.Message);
        }
    }

    private async Task<LoadReport> ReportAsync(LoadPlan plan, LoadContents shop, RecordedShoppers? recorded, CancellationToken stop)
    {
        TargetContents contents = ContentsOf(plan, shop);
        IShoppers shoppers = recorded?.In(shop.Products, Math.Max(1, contents.Customers.Count))
            ?? new GeneratedShoppers(shop.Products, Math.Max(1, contents.Customers.Count));
        RequestMix mix = new(contents, shoppers, plan.OnlyAddress is { } address ? Visitors.One(address) : Visitors.For(plan.Rate * plan.Rush));
        LoadOptions options = OptionsOf(plan);
        using TargetClient client = new(plan.Origins, options, TestToken.ForUser);
        Tally tally = new(options.WarmUp, TimeSpan.FromSeconds(options.Seconds));
        DateTimeOffset startedAt = time.GetUtcNow();
        LoadRun run;
        using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop))
        {
            Task progress = LoadProgress.ShowAsync(tally, line => Say(new LoadMessage(Progress: line)), time, over.Token);
            run = await new TargetLoad(options, client, mix, tally).RunAsync(new CommandStop(stop, stop));
            await over.CancelAsync();
            await progress;
        }

        return new ReportBuilder(options, contents, tally, run).Build(startedAt, $"{plan.Origins.Count} instances", MachineFacts.Describe());
    }

    private static TargetContents ContentsOf(LoadPlan plan, LoadContents shop)
    {
        long[] products = [.. Enumerable.Range(1, shop.Products)];
        return plan.OnlyProducts
            ? new TargetContents(products, [], [], [], [])
            : new TargetContents(
                products,
                [ShopRequest.Page(after: null), .. Enumerable.Range(1, shop.Categories).Select(static id => ShopRequest.Category(id))],
                shop.Orders,
                shop.Customers,
                []);
    }

    private static LoadOptions OptionsOf(LoadPlan plan)
    {
        LoadOptions options = new() { Rate = plan.Rate, Seconds = plan.Seconds, WarmUp = TimeSpan.FromSeconds(plan.WarmUpSeconds), Rush = plan.Rush };
        // Nothing is kept back before clients have given up by themselves.
        return options with { MostUnderWay = (int)Math.Ceiling(plan.Rate * plan.Rush * 1.2 * options.Timeout.TotalSeconds) + 64 };
    }

    /// <summary>Answers are 404, or what the shop has to say of its state; none is counted.</summary>
    private static async Task RehearseAsync(LoadPlan plan, CancellationToken stop)
    {
        const long NoProduct = 9_000_000_000;
        const int AtOnce = 8;
        // Few, so that what is remembered of them takes no room from what there is.
        const int Different = 200;
        using TargetClient client = new(plan.Origins, OptionsOf(plan), TestToken.ForUser);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, plan.Rehearsals, parallel, async (i, token) =>
        {
            ShopRequest request = (i % 10) switch
            {
                0 => ShopRequest.Category(NoProduct + i % Different),
                1 or 2 => ShopRequest.Order(NoProduct + i % Different),
                _ => ShopRequest.Product(NoProduct + i % Different),
            };
            await client.SendAsync(request with { Visitor = new Visitor($"172.16.{i >> 8}.{i & 255}", User: NoProduct + i % Different) }, token);
        });
    }

    private void Say(LoadMessage message)
    {
        lock (output)
        {
            output.WriteLine(JsonSerializer.Serialize(message));
            output.Flush();
        }
    }
}
