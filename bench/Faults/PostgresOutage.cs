using System.Diagnostics;
using TByte.Functions.Load;

namespace TByte.Functions.Faults;

/// <summary>PostgreSQL hung, with all its backends, in the middle of load: what was read before goes on being answered.</summary>
internal static class PostgresOutage
{
    private const int Instances = 3;
    private const double Rate = 200;

    // Products 1 to this are read before; the rest is cold. One request in ten is for a cold one.
    private const int Warmed = 250;
    private const int ColdEvery = 10;

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);

    // So that what is warmed gets stale while the database hangs.
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Cache:ProductLife"] = "00:00:02",
        ["Cache:MemoryLife"] = "00:00:01",
    };

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using Fleet fleet = await Fleet.StartAsync(Instances, Settings, cancellationToken);
        await fleet.WarmAsync(1, Warmed, cancellationToken);

        // Cold ones are asked for from the moment on at which they are no longer read into the cache.
        bool isHung = false;
        Stopwatch run = Stopwatch.StartNew();
        Task<IReadOnlyList<Sample<(bool IsCold, ApiAnswer Answer)>>> load = OpenLoop.RunAsync(
            Rate, Before + Outage + After, i => SendAsync(fleet, i, withCold: Volatile.Read(ref isHung), cancellationToken), cancellationToken);
        await Task.Delay(Before, cancellationToken);
        fleet.Postgres.Stop();
        // Only now every backend has stopped, and from now on some go on.
        TimeSpan hung = run.Elapsed;
        Volatile.Write(ref isHung, true);
        await Task.Delay(Outage, cancellationToken);
        TimeSpan back = run.Elapsed;
        fleet.Postgres.Continue();
        IReadOnlyList<Sample<(bool IsCold, ApiAnswer Answer)>> samples = await load;

        // Requests that were under way when it hung, or are when it is back, belong to neither side.
        Sample<(bool IsCold, ApiAnswer Answer)>[] during = [.. samples.Where(sample => sample.At >= hung && sample.At + sample.Latency < back)];
        Sample<(bool IsCold, ApiAnswer Answer)>[] warm = [.. during.Where(sample => !sample.Answer.IsCold)];
        Sample<(bool IsCold, ApiAnswer Answer)>[] cold = [.. during.Where(sample => sample.Answer.IsCold)];
        Sample<(bool IsCold, ApiAnswer Answer)>[] after = [.. samples.Where(sample => sample.At >= back)];
        return
        [
            Finding.Share("answered within 1 s, of all requests due while it hung", Within(samples, hung, back), samples.Count(sample => sample.At >= hung && sample.At < back)),
            Finding.Count("warmed: answers that are not 200", warm.Count(sample => sample.Answer.Answer.Status != 200), 0),
            Finding.Share("warmed: marked stale", warm.Count(sample => sample.Answer.Answer.IsStale), warm.Length),
            Finding.Milliseconds("warmed: latency p99", Latency(warm).Percentile(99)),
            new("cold: requests", $"{cold.Length}", "> 0", cold.Length > 0, IsCount: true),
            Finding.Count("cold: answers that are not 503 problem+json with Retry-After", cold.Count(sample => !IsRefusal(sample.Answer.Answer)), 0),
            Finding.Milliseconds("cold: latency p99", Latency(cold).Percentile(99), most: 1_000),
            Finding.Milliseconds("cold: longest", Latency(cold).Percentile(100), most: 1_000),
            Finding.Share("the 10 s after it is back: answered 200", after.Count(sample => sample.Answer.Answer.Status == 200), after.Length),
            Finding.Share("from 2 s after it is back: answered 200", Settled(after, back).Count(sample => sample.Answer.Answer.Status == 200), Settled(after, back).Length, least: 99),
            Finding.Milliseconds("any answer at all: longest", Latency(samples).Percentile(100), most: 1_000),
            Finding.Milliseconds("last 503 after it is back", LastRefusal(after, back)),
        ];
    }

    private static async Task<(bool IsCold, ApiAnswer Answer)> SendAsync(Fleet fleet, int i, bool withCold, CancellationToken cancellationToken)
    {
        bool isCold = withCold && i % ColdEvery == 0;
        int id = isCold ? Warmed + 1 + Random.Shared.Next(Fleet.Products - Warmed) : 1 + Random.Shared.Next(Warmed);
        return (isCold, await fleet.Clients[i % Instances].GetProductAsync(id, cancellationToken));
    }

    private static Sample<(bool IsCold, ApiAnswer Answer)>[] Settled(IEnumerable<Sample<(bool IsCold, ApiAnswer Answer)>> samples, TimeSpan back) =>
        [.. samples.Where(sample => sample.At >= back + TimeSpan.FromSeconds(2))];

    private static bool IsRefusal(ApiAnswer answer) => answer is { Status: 503, IsProblem: true, HasRetryAfter: true };

    private static int Within(IEnumerable<Sample<(bool IsCold, ApiAnswer Answer)>> samples, TimeSpan from, TimeSpan to) =>
        samples.Count(sample => sample.At >= from && sample.At < to && sample.Answer.Answer.Status == 200 && sample.Latency <= TimeSpan.FromSeconds(1));

    private static IEnumerable<double> Latency(IEnumerable<Sample<(bool IsCold, ApiAnswer Answer)>> samples) =>
        samples.Select(sample => sample.Latency.TotalMilliseconds);

    private static double LastRefusal(IEnumerable<Sample<(bool IsCold, ApiAnswer Answer)>> samples, TimeSpan back) =>
        samples.Where(sample => sample.Answer.Answer.Status != 200).Select(sample => (sample.At - back).TotalMilliseconds).DefaultIfEmpty(0).Max();
}
