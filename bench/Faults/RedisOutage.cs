using System.Diagnostics;
using TByte.Functions.Load;

namespace TByte.Functions.Faults;

/// <summary>Redis killed, and Redis hung, in the middle of load.</summary>
internal static class RedisOutage
{
    private const int Instances = 3;
    private const double Rate = 200;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    // Products are fresh so briefly that most reads have to ask Redis or the database.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Cache:ProductLife"] = "00:00:00.500",
        ["Cache:MemoryLife"] = "00:00:00.250",
        ["Cache:FailSafeLife"] = "00:00:01",
    };

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. await RunAsync("killed", fleet => fleet.Redis.KillAsync(), fleet => fleet.Redis.RestartAsync(cancellationToken), cancellationToken),
        .. await RunAsync("hung", fleet => Done(fleet.Redis.Stop), fleet => Done(fleet.Redis.Continue), cancellationToken),
    ];

    private static async Task<IReadOnlyList<Finding>> RunAsync(
        string how, Func<Fleet, Task> fail, Func<Fleet, Task> heal, CancellationToken cancellationToken)
    {
        await using Fleet fleet = await Fleet.StartAsync(Instances, Settings, cancellationToken);
        await fleet.WarmAsync(1, Fleet.Products, cancellationToken);

        Stopwatch run = Stopwatch.StartNew();
        Task<IReadOnlyList<Sample<ApiAnswer>>> load = OpenLoop.RunAsync(
            Rate,
            Before + Outage + After,
            i => fleet.Clients[i % Instances].GetProductAsync(1 + Random.Shared.Next(Fleet.Products), cancellationToken),
            cancellationToken);
        await Task.Delay(Before, cancellationToken);
        await fail(fleet);
        TimeSpan failed = run.Elapsed;
        await Task.Delay(Outage, cancellationToken);
        await heal(fleet);
        TimeSpan healed = run.Elapsed;
        IReadOnlyList<Sample<ApiAnswer>> samples = await load;

        // From the second second on, when what follows is not warming up any more.
        double[] missesBefore = Misses(samples, TimeSpan.FromSeconds(1), failed);
        double[] missesDuring = Misses(samples, failed, healed);
        TimeSpan? back = samples.Where(sample => sample.At >= healed && sample.Answer.CacheStatus.Contains("tbyte-l2; hit", StringComparison.Ordinal))
            .Select(sample => (TimeSpan?)(sample.At + sample.Latency - healed)).Min();
        return
        [
            Finding.Count($"{how}: answers that are not 200", samples.Count(sample => sample.Answer.Status != 200), 0),
            new($"{how}: misses before and during", $"{missesBefore.Length} and {missesDuring.Length}"),
            Finding.Milliseconds($"{how}: latency added to a miss, p50", missesDuring.Percentile(50) - missesBefore.Percentile(50), most: 10),
            Finding.Milliseconds($"{how}: the same, p95", missesDuring.Percentile(95) - missesBefore.Percentile(95)),
            Finding.Milliseconds($"{how}: the same, p99", missesDuring.Percentile(99) - missesBefore.Percentile(99)),
            new($"{how}: first hit in Redis after it is back", back is { } time ? $"{time.TotalMilliseconds:0} ms" : "never", "seen", back is not null, IsCount: true),
        ];
    }

    private static double[] Misses(IEnumerable<Sample<ApiAnswer>> samples, TimeSpan from, TimeSpan to) =>
    [
        .. samples.Where(sample => sample.At >= from && sample.At < to && sample.Answer.IsMiss).Select(sample => sample.Latency.TotalMilliseconds),
    ];

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
