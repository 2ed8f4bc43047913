using System.Diagnostics;
using System.Globalization;
using TByte.Functions.Load;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Faults;

/// <summary>Two hundred readers of reports beside the readers of products, on one instance.</summary>
internal static class HeavyQueries
{
    private const int Reports = 200;
    private const int MostRunning = 10;
    private const int Products = 5_000;
    private const int Pairs = 5;
    private const int Connections = 16;

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
    [
        // Everything is in memory after the first round.
        .. await RunAsync("warmed", new Dictionary<string, string?>(), requests: 40_000, "tbyte-l1; hit", cancellationToken),
        // Whatever is asked for was thrown out long before: every read is a query.
        .. await RunAsync(
            "cold",
            new Dictionary<string, string?> { ["Cache:MemoryEntries"] = "100", ["Redis:Connection"] = "" },
            requests: 5_000,
            "tbyte-l2; fwd=miss",
            cancellationToken),
    ];

    private static async Task<IReadOnlyList<Finding>> RunAsync(
        string reads, Dictionary<string, string?> settings, int requests, string mark, CancellationToken cancellationToken)
    {
        await using Fleet fleet = await Fleet.StartAsync(1, settings, cancellationToken, ShopContents.WholeShop);
        Uri server = fleet.Addresses.First();
        bool isApart = await Processors.SetApartAsync(fleet.Postgres.ProcessIds, cancellationToken);
        string[] paths = [.. Enumerable.Range(1, Products).Select(id => string.Create(CultureInfo.InvariantCulture, $"/api/v1/products/{id}"))];
        using ClosedLoop loop = await ClosedLoop.ConnectAsync(server, paths, authorization: null, mark, Connections, cancellationToken);
        await loop.RunAsync(Products, cancellationToken);
        await loop.RunAsync(requests, cancellationToken);

        List<Round> without = [], with = [];
        ReportCount reports = default;
        int failed = 0, unmarked = 0;
        for (int pair = 0; pair < Pairs; pair++)
        {
            without.Add(await MeasureAsync());
            await using ReportLoad load = ReportLoad.Start(server, fleet.Database, Reports);
            // Until the queue is full and most of the crowd has been told to come back.
            await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
            with.Add(await MeasureAsync());
            reports += await load.StopAsync();
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{reads} {pair + 1}/{Pairs}: {Describe([without[^1]])} and {Describe([with[^1]])}"));
        }

        double[] left = [.. with.Zip(without, static (one, other) => one.ReadsPerSecond / other.ReadsPerSecond)];
        return
        [
            new($"{reads}: the database has a processor to itself", isApart ? "yes" : "no"),
            new($"{reads}: product reads without reports", Describe(without)),
            new($"{reads}: the same beside {Reports} readers of reports", Describe(with)),
            new($"{reads}: share that is left, median of {Pairs} pairs", Share(left.Median()), ">= 80 %", left.Median() >= 0.8),
            new($"{reads}: the same, least and largest", $"{Share(left.Min())} to {Share(left.Max())}"),
            Finding.Count($"{reads}: product reads that failed", failed, 0),
            new($"{reads}: product reads not answered from where they should be", unmarked.ToString(CultureInfo.InvariantCulture)),
            Finding.Count($"{reads}: reports seen in the database at once", reports.MostInDatabase, MostRunning),
            new($"{reads}: reports answered and refused", $"{reports.Answered} and {reports.Refused}"),
            Finding.Count($"{reads}: reports with any other answer", reports.Other, 0),
        ];

        async Task<Round> MeasureAsync()
        {
            TimeSpan used = fleet.ProcessorTime;
            Stopwatch watch = Stopwatch.StartNew();
            LoadCount count = await loop.RunAsync(requests, cancellationToken);
            failed += requests - count.Answered;
            unmarked += count.Answered - count.Marked;
            return new Round(count.Answered / watch.Elapsed.TotalSeconds, (fleet.ProcessorTime - used).TotalMicroseconds / requests);
        }
    }

    private static string Describe(List<Round> rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rounds.Select(round => round.ReadsPerSecond).Median():0} /s, {rounds.Select(round => round.MicrosecondsPerRead).Median():0.0} us each");

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    /// <summary>A round of product reads.</summary>
    /// <param name="ReadsPerSecond">As many as were answered.</param>
    /// <param name="MicrosecondsPerRead">Processor time of the instance, what it does for reports meanwhile included.</param>
    private readonly record struct Round(double ReadsPerSecond, double MicrosecondsPerRead);
}
