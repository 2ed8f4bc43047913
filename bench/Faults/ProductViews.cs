using System.Diagnostics;
using System.Globalization;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Testing;
using TByte.Functions.Views;

namespace TByte.Functions.Faults;

/// <summary>
/// A million product reads on three instances, one of which is killed, while views are moved by an app that is killed again and again:
/// what is counted in the end, product by product.
/// </summary>
internal static class ProductViews
{
    private const int Instances = 3;
    private const int Killed = 0;
    private const int Requests = 1_000_000;
    private const int Products = 10_000;
    private const string EverySecond = "* * * * * *";

    // A timer may come late on a busy machine.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using ViewFleet fleet = await ViewFleet.StartAsync(Instances, EverySecond, cancellationToken);
        Dictionary<long, long> before = await CountsAsync();
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ViewLoad load = new([.. fleet.Instances.Select(static instance => instance.Address)], Products, Requests);

        Stopwatch run = Stopwatch.StartNew();
        Task<MoverKills> killing = new MoverKiller(fleet).RunAsync(done.Token, cancellationToken);
        Task<ViewLoadBook> reading = load.RunAsync(cancellationToken);
        while (load.Begun < Requests / 2)
            await Task.Delay(10, cancellationToken);
        long killedAt = Stopwatch.GetTimestamp();
        await fleet.Instances[Killed].KillAsync();
        await ViewFleet.StartAgainAsync(fleet.Instances[Killed], cancellationToken);
        ViewLoadBook book = await reading;
        TimeSpan took = run.Elapsed;

        await done.CancelAsync();
        MoverKills kills = await killing;
        foreach (AppProcess instance in fleet.Instances)
            await instance.DisposeAsync();
        await Eventually.HoldsAsync(
            async () => await MoverKiller.WaitingAsync(fleet) == 0, "all that was sent is moved", cancellationToken, Patience);
        await fleet.Mover.DisposeAsync();

        Dictionary<long, long> after = await CountsAsync();
        Dictionary<long, long> hours = await fleet.QueryAsync<long>(
            "select product_id, sum(views)::bigint from product_view_hours group by product_id", cancellationToken);
        long[] counted = [.. Enumerable.Range(0, Products + 1).Select(product => after.GetValueOrDefault(product) - before.GetValueOrDefault(product))];
        int[] answered = PerProduct(book.Answered);
        TimeSpan window = new ViewOptions().FlushInterval + Slack;
        int[] atRisk = PerProduct(book.Answered.Where(read =>
            read.Instance == Killed && read.Connection == 0 && Stopwatch.GetElapsedTime(read.At, killedAt) <= window));
        return
        [
            new(
                $"product reads sent to {Instances} instances",
                string.Create(CultureInfo.InvariantCulture, $"{Requests:N0} in {took.TotalSeconds:0} s, {Requests / took.TotalSeconds:N0} a second")),
            new("answered 200, refused, without an answer", Figure(book.Answered.Count, book.Refused, Requests - book.Answered.Count - book.Refused)),
            new("one instance killed once, the mover killed: times", Figure(kills.All)),
            new("of these before the commit, after it and before the removal, after that", Figure(kills.BeforeCommit, kills.BeforeRemoval, kills.Later)),
            new("views counted", Figure(counted.Sum())),
            Finding.Count("answered and not counted", (int)(answered.Sum() - counted.Sum()), atRisk.Sum()),
            Finding.Count("products with more views than requests", Where(product => counted[product] > book.Sent[product]), 0),
            Finding.Count(
                string.Create(CultureInfo.InvariantCulture, $"products that lack more than the killed instance answered in its last {window.TotalSeconds:0} s"),
                Where(product => counted[product] < answered[product] - atRisk[product]),
                0),
            Finding.Count("products whose views by the hour are not as many", Where(product => counted[product] != hours.GetValueOrDefault(product)), 0),
        ];

        Task<Dictionary<long, long>> CountsAsync() => fleet.QueryAsync<long>("select id, view_count from products", cancellationToken);
    }

    private static int[] PerProduct(IEnumerable<AnsweredRead> reads)
    {
        int[] counts = new int[Products + 1];
        foreach (AnsweredRead read in reads)
            counts[read.Product]++;
        return counts;
    }

    private static int Where(Func<int, bool> condition) => Enumerable.Range(1, Products).Count(condition);

    private static string Figure(params ReadOnlySpan<long> figures)
    {
        List<string> words = [];
        foreach (long figure in figures)
            words.Add(figure.ToString("N0", CultureInfo.InvariantCulture));
        return string.Join(", ", words);
    }
}
