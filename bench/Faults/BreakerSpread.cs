using System.Collections.Concurrent;
using System.Diagnostics;
using TByte.Functions.Load;
using TByte.Functions.Resilience;
using TByte.Functions.Testing;

namespace TByte.Functions.Faults;

/// <summary>The database server killed again and again under load: how soon all five instances know, and how soon they call again.</summary>
internal static class BreakerSpread
{
    private const int Instances = 5;
    private const int Rounds = 20;

    // Of products that nobody has read and that do not exist: every read is a query or a refusal.
    private const double Rate = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    // Instances have to be known before their word counts.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        ConcurrentQueue<BreakerAdoption> adoptions = new();
        await using Fleet fleet = await Fleet.StartAsync(Instances, new Dictionary<string, string?>(), cancellationToken, said: line =>
        {
            if (BreakerAdoption.TryParse(line) is { } adoption)
                adoptions.Enqueue(adoption);
        });
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task load = LoadAsync(fleet, done.Token);
        await Task.Delay(Settled, cancellationToken);

        List<double> opened = [], closed = [], found = [];
        for (int round = 0; round < Rounds; round++)
        {
            await fleet.Postgres.KillAsync();
            opened.AddRange(Delays(await AdoptedByAllAsync(adoptions, BreakerState.Open, cancellationToken)));
            await fleet.Postgres.RestartAsync(cancellationToken);
            long back = Stopwatch.GetTimestamp();
            BreakerAdoption[] adopted = await AdoptedByAllAsync(adoptions, BreakerState.Closed, cancellationToken);
            closed.AddRange(Delays(adopted));
            found.Add(Stopwatch.GetElapsedTime(back, adopted[0].At).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        }

        await done.CancelAsync();
        await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return
        [
            new($"{Rounds} times killed, {Instances} instances", $"{opened.Count} openings told to another instance"),
            Finding.Milliseconds("opened to known by each other instance, p50", opened.Percentile(50)),
            Finding.Milliseconds("the same, p99", opened.Percentile(99)),
            Finding.Milliseconds("the same, longest", opened.Max(), most: 1_000),
            Finding.Milliseconds("closed to known by each other instance, p99", closed.Percentile(99)),
            Finding.Milliseconds("server takes connections to closed, p50", found.Percentile(50)),
            Finding.Milliseconds("the same, longest", found.Max()),
        ];
    }

    /// <summary>The first adoption of each instance in the newest epoch of that state that all of them have heard of, in order of time.</summary>
    private static async Task<BreakerAdoption[]> AdoptedByAllAsync(
        ConcurrentQueue<BreakerAdoption> adoptions, BreakerState state, CancellationToken cancellationToken)
    {
        BreakerAdoption[] found = [];
        await Eventually.HoldsAsync(
            () =>
            {
                found = [.. adoptions.Where(adoption => adoption.State == state).GroupBy(adoption => adoption.Epoch)
                    .Where(epoch => epoch.DistinctBy(adoption => adoption.Instance).Count() == Instances)
                    .OrderBy(epoch => epoch.Key).FirstOrDefault() ?? Enumerable.Empty<BreakerAdoption>()];
                return found.Length > 0;
            },
            $"all instances have heard that it is {state}",
            cancellationToken,
            TimeSpan.FromSeconds(60));
        // What comes later belongs to the next time.
        adoptions.Clear();
        return [.. found.OrderBy(adoption => adoption.At)];
    }

    private static IEnumerable<double> Delays(BreakerAdoption[] adopted) =>
        adopted.Skip(1).Select(adoption => Stopwatch.GetElapsedTime(adopted[0].At, adoption.At).TotalMilliseconds);

    private static Task<IReadOnlyList<Sample<ApiAnswer>>> LoadAsync(Fleet fleet, CancellationToken cancellationToken) => OpenLoop.RunAsync(
        Rate, Longest, i => fleet.Clients[i % Instances].GetProductAsync(1_000_000 + i, cancellationToken), cancellationToken);
}
