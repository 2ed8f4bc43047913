using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace TByte.Functions.Faults;

/// <summary>One caller on all instances at once: what it is granted of its limit, and what a busy one costs in calls to Redis.</summary>
internal static class RateLimits
{
    private const int Permits = 1_000;
    private const int Windows = 5;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
    [
        .. await HammerAsync(cancellationToken),
        await CallsAsync(1, cancellationToken),
        await CallsAsync(5, cancellationToken),
    ];

    /// <summary>Five instances, two connections each, that never stop asking.</summary>
    private static async Task<IReadOnlyList<Finding>> HammerAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, string?> settings = new() { ["RateLimits:Api:Permits"] = $"{Permits}", ["RateLimits:Api:Window"] = $"{Window}" };
        await using Fleet fleet = await Fleet.StartAsync(5, settings, cancellationToken);
        ConcurrentBag<(TimeSpan Sent, TimeSpan Answered, int Status)> answers = [];
        Stopwatch run = Stopwatch.StartNew();
        await Task.WhenAll(fleet.Clients.Concat(fleet.Clients).Select(async client =>
        {
            while (run.Elapsed < Windows * Window)
            {
                TimeSpan sent = run.Elapsed;
                ApiAnswer answer = await client.GetProductAsync(1, cancellationToken);
                answers.Add((sent, run.Elapsed, answer.Status));
                // Asking faster would only measure how fast refusals are.
                if (answer.Status != 200)
                    await Task.Delay(10, cancellationToken);
            }
        }));

        (TimeSpan Sent, TimeSpan Answered, int Status)[] admitted = [.. answers.Where(answer => answer.Status == 200).OrderBy(answer => answer.Sent)];
        return
        [
            // A request counts where it was sent and answered within the window: it was admitted in between.
            Finding.Count("the most that any window of 10 s has admitted, of 1,000", MostInAnyWindow(admitted), Permits),
            Finding.Share("admitted of 5 limits in 5 windows", admitted.Length, Windows * Permits, least: 90),
            Finding.Count("answers that are neither 200 nor 429", answers.Count(answer => answer.Status is not (200 or 429)), 0),
        ];
    }

    private static int MostInAnyWindow((TimeSpan Sent, TimeSpan Answered, int Status)[] admitted) =>
        admitted.Max(first => admitted.Count(answer => answer.Sent >= first.Sent && answer.Answered < first.Sent + Window));

    /// <summary>A caller with a limit of 10,000 a minute that uses nine tenths of it.</summary>
    private static async Task<Finding> CallsAsync(int instances, CancellationToken cancellationToken)
    {
        Dictionary<string, string?> settings = new()
        {
            ["RateLimits:Api:Permits"] = "10000",
            ["RateLimits:Api:Window"] = "00:01:00",
            ["RateLimits:Ip:Permits"] = "150000",
        };
        await using Fleet fleet = await Fleet.StartAsync(instances, settings, cancellationToken);
        await fleet.WarmAsync(1, 1, cancellationToken);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync($"{fleet.Redis.Connection},allowAdmin=true");
        long before = await CallsSoFarAsync(redis);
        IReadOnlyList<Load.Sample<ApiAnswer>> answers = await Load.OpenLoop.RunAsync(
            150, TimeSpan.FromSeconds(60), i => fleet.Clients[i % instances].GetProductAsync(1, cancellationToken), cancellationToken);
        long calls = await CallsSoFarAsync(redis) - before;

        int refused = answers.Count(answer => answer.Answer.Status != 200);
        double perRequest = calls / (double)answers.Count;
        return new Finding(
            $"{instances} instances, 9,000 requests in a minute of 10,000: calls to Redis for a request, both policies ({refused} refused)",
            perRequest.ToString("0.000", CultureInfo.InvariantCulture),
            "<= 0.15",
            perRequest <= 0.15,
            IsCount: true);
    }

    // Each call sets the caller's key once; what else sets keys is a load of the one product now and then.
    private static async Task<long> CallsSoFarAsync(ConnectionMultiplexer redis)
    {
        string stats = (await redis.GetServers()[0].InfoRawAsync("commandstats"))!;
        string? line = stats.Split('\n').FirstOrDefault(static line => line.StartsWith("cmdstat_set:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture);
    }
}
