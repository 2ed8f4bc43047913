using System.Diagnostics;
using TByte.Functions.Load;

namespace TByte.Functions.Faults;

/// <summary>How long after a write's answer each instance serves it, while all of them are being read.</summary>
internal static class Propagation
{
    private const int Instances = 3;
    private const int Writes = 1_000;
    private const int Products = 50;
    private const int ReadersPerInstance = 4;

    // A load, but not all that the machine can do: then a delay would say how long requests queue.
    private static readonly TimeSpan ReaderPause = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using Fleet fleet = await Fleet.StartAsync(Instances, new Dictionary<string, string?>(), cancellationToken);
        await fleet.WarmAsync(1, Products, cancellationToken);

        using CancellationTokenSource written = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ReadCount>[] readers = [.. fleet.Clients.SelectMany(client => Enumerable.Range(0, ReadersPerInstance).Select(_ => ReadAsync(client, written.Token)))];
        List<double> delays = [];
        int failed = 0;
        for (int i = 0; i < Writes; i++)
        {
            long id = Random.Shared.Next(1, Products + 1);
            ApiClient writer = fleet.Clients[Random.Shared.Next(Instances)];
            ApiAnswer put = await writer.PutProductAsync(id, $"Name {i}", i % 1_000, cancellationToken);
            if (put.Status != 200)
            {
                failed++;
                continue;
            }

            long answered = Stopwatch.GetTimestamp();
            delays.AddRange(await Task.WhenAll(fleet.Clients.Select(client => UntilServedAsync(client, id, put.Version, answered, cancellationToken))));
        }

        await written.CancelAsync();
        ReadCount[] reads = await Task.WhenAll(readers);
        return
        [
            new($"{Writes} writes on {Instances} instances, reads beside them", $"{reads.Sum(count => count.Reads)}"),
            Finding.Count("writes that failed", failed, 0),
            Finding.Count("reads that failed", reads.Sum(count => count.Failed), 0),
            Finding.Count("an older version after a newer one", reads.Sum(count => count.StepsBack), 0),
            Finding.Milliseconds("write's answer to served by an instance, p50", delays.Percentile(50)),
            Finding.Milliseconds("the same, p99", delays.Percentile(99), most: 250),
            Finding.Milliseconds("the same, longest", delays.Max()),
        ];
    }

    /// <summary>Asks until the version is there. The first question is asked at once, so that a delay of less than an exchange counts as one.</summary>
    private static async Task<double> UntilServedAsync(ApiClient client, long id, long version, long since, CancellationToken cancellationToken)
    {
        while ((await client.GetProductAsync(id, cancellationToken)).Version < version)
        {
            if (Stopwatch.GetElapsedTime(since) > Longest)
                break;
        }

        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    /// <summary>Reads one after the other, so that what it has seen before a request is older than what the request's answer may be.</summary>
    private static async Task<ReadCount> ReadAsync(ApiClient client, CancellationToken until)
    {
        Dictionary<long, long> seen = [];
        ReadCount count = default;
        while (!until.IsCancellationRequested)
        {
            long id = Random.Shared.Next(1, Products + 1);
            ApiAnswer answer = await client.GetProductAsync(id, CancellationToken.None);
            count.Reads++;
            if (answer.Status != 200)
                count.Failed++;
            else if (answer.Version < seen.GetValueOrDefault(id))
                count.StepsBack++;
            else
                seen[id] = answer.Version;
            await Task.Delay(ReaderPause, CancellationToken.None);
        }

        return count;
    }

    private record struct ReadCount(int Reads, int Failed, int StepsBack);
}
